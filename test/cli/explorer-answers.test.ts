import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOf } from '../../src/cli/explorer-answers.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import type { PackedView } from '../../src/tui/packed-view.ts';
import type { StoreAnalysis } from '../../src/tui/store-analysis.ts';
import { shopTrace } from '../helpers/shop-spans.ts';
import { traceIdOf } from '../helpers/span-of.ts';
import { importSpans } from '../helpers/store-with.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const TRACES = 700;
const FOLDER = temporaryFolder();
const ANALYSIS = { kind: 'analysis', filter: {} } as const;
let store: Store;

beforeAll(() => {
  store = openStore(FOLDER.file('shop.db'), 'write');
  importSpans(store, Array.from({ length: TRACES }, (_, i) => shopTrace(i)).flat());
});

afterAll(() => store.close());

function analysis(isStopped: boolean): StoreAnalysis {
  const asker = { onProgress: () => {}, isStopped: () => isStopped };
  return answerOf(store, ANALYSIS, asker) as StoreAnalysis;
}

test('an analysis that is stopped tells what it has read, and is not taken for all there is', () => {
  const part = analysis(true);
  expect(part.dataset.traces).toBeLessThan(TRACES);
  expect(part.dataset.traces).toBeGreaterThan(0);
  expect(part.dataset.traces + part.unread).toBe(TRACES);
  const whole = analysis(false);
  expect([whole.dataset.traces, whole.unread]).toEqual([TRACES, 0]);
  // Once all is known nobody has to stop.
  expect(analysis(true).unread).toBe(0);
});

test('a trace comes in steps', () => {
  const steps: string[] = [];
  const [first] = shopTrace(3);
  const question = { kind: 'trace', traceId: first?.traceId ?? traceIdOf('0') } as const;
  const view = answerOf(store, question, {
    onProgress: (done, total) => steps.push(`${done}/${total}`),
    isStopped: () => false,
  }) as PackedView;
  expect(steps).toEqual(['1/4', '2/4', '3/4', '4/4']);
  expect(view.trace.spans.length).toBe(shopTrace(3).length);
});

test('a trace that is no more is not a bug', () => {
  const asker = { onProgress: () => {}, isStopped: () => false };
  const question = { kind: 'trace', traceId: traceIdOf('dead') } as const;
  expect(() => answerOf(store, question, asker)).toThrow(/the store has no trace 0+dead/);
});
