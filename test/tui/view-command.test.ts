import { expect, test } from 'vitest';
import { nanos, unixNano } from '../../src/model/time.ts';
import { openedState } from '../../src/tui/opened-state.ts';
import { FIRST_TRACES, topScreen } from '../../src/tui/state/app-state.ts';
import { initialState } from '../../src/tui/state/update.ts';
import { sifting } from '../../src/tui/state/waterfall-commands.ts';
import { waterfallOf } from '../../src/tui/state/waterfall-screen.ts';
import { listCommand, traceCommand } from '../../src/tui/view-command.ts';
import { spanIdOf, traceIdOf } from '../helpers/span-of.ts';

const traceId = traceIdOf('5f3a');
const spanId = spanIdOf('a1');

test('a trace as it is seen', () => {
  const window = { startNs: nanos(1500), endNs: nanos(2_000_000) };
  const waterfall = { ...sifting(waterfallOf(traceId), "it's slow"), window };
  expect(traceCommand(traceId, spanId, waterfall)).toBe(
    `tracecli ui --trace ${traceId} --span ${spanId} --filter 'it'\\''s slow' --zoom 1500ns..2000000ns`,
  );
  expect(traceCommand(traceId, null, null)).toBe(`tracecli ui --trace ${traceId}`);
});

test('what is opened is what was seen', () => {
  const window = { startNs: nanos(1500), endNs: nanos(2_000_000) };
  const open = { traceId, spanId, filter: 'redis', window };
  const screen = topScreen(openedState(initialState(80, 24), { filter: '', open }));
  expect(screen).toMatchObject({
    kind: 'waterfall',
    traceId,
    soughtSpan: spanId,
    window,
    outline: { sieve: { filter: 'redis' } },
  });
});

test.each([
  ['everything', {}, 'tracecli traces'],
  ['a query', { query: '{ status = error }' }, "tracecli traces '{ status = error }'"],
  [
    'words, a service, errors, another order',
    { words: 'GET cart', service: 'web', errorsOnly: true, sort: 'duration', descending: false },
    'tracecli traces GET cart --service web --errors --sort duration --reverse',
  ],
  [
    'marks of a chart, exact',
    {
      scope: {
        minDurationNs: nanos(1_234_567),
        since: unixNano(1_755_600_000_123_456_789n),
      },
    },
    'tracecli traces --min-duration 1234567ns --since 2025-08-19T10:40:00.123456789Z',
  ],
] as const)('a list of %s', (_, change, command) => {
  expect(listCommand({ ...FIRST_TRACES, ...change })).toBe(command);
});
