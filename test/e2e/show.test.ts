import { expect, test } from 'vitest';
import { newUser } from '../helpers/run-tracecli.ts';

const SHOP = 'fixtures/shop.otlp.jsonl';
/** A search that fetches sixteen products one by one. */
const SEARCH = '8181';

function shopUser() {
  const run = newUser();
  run(['import', SHOP]);
  return run;
}

interface SpanJson {
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly durationNs: number;
  readonly rank: { below: number; equal: number; share: number; count: number };
}

test('repeated siblings are one line, and all of them on demand', () => {
  const run = shopUser();
  const folded = run(['show', SEARCH]).stdout;
  expect(folded).toMatch(/⋯ 14 × SELECT products/);
  expect(folded.match(/─ SELECT products/g)).toHaveLength(3);
  const all = run(['show', SEARCH, '--all']).stdout;
  expect(all).not.toContain('⋯');
  expect(all.match(/─ SELECT products/g)).toHaveLength(17);
});

test('a limit leaves what matters least out, and says how much', () => {
  const { stdout } = shopUser()(['show', SEARCH, '--limit', '4']);
  const [, , ...lines] = stdout.split('\n');
  const drawn = lines.slice(0, lines.indexOf(''));
  expect(drawn.filter((line) => !line.includes('⋯') && !line.startsWith('…'))).toHaveLength(4);
  expect(drawn.at(-1)).toMatch(/^… \d+ spans? not drawn$/);
});

test('findings are numbered at their spans, explained below, and chosen as in analyze', () => {
  const run = shopUser();
  const { stdout } = run(['show', SEARCH]);
  expect(stdout).toMatch(/─ SELECT products ⚑1/);
  expect(stdout).toMatch(/^⚑1 high n-plus-one: 16 × /m);
  expect(run(['show', SEARCH, '--disable-rule', 'n-plus-one']).stdout).not.toContain('⚑1');
  expect(run(['show', SEARCH, '--only-rule', 'n-plus-on']).status).toBe(2);
  const { findings } = JSON.parse(run(['show', SEARCH, '--json']).stdout);
  expect(findings.map(({ rule }: { rule: string }) => rule)).toContain('n-plus-one');
});

test('ranks count the spans of the operation in the whole store', () => {
  const run = shopUser();
  const { traces } = JSON.parse(run(['traces', '--limit', '1000', '--json']).stdout);
  const documents = traces.map(({ traceId }: { traceId: string }) =>
    JSON.parse(run(['show', traceId, '--json']).stdout),
  );
  const spans: SpanJson[] = documents.flatMap(
    ({ trace }: { trace: { spans: SpanJson[] } }) => trace.spans,
  );
  const isAlike = (a: SpanJson, b: SpanJson) =>
    a.service === b.service && a.name === b.name && a.kind === b.kind;
  for (const span of spans) {
    const alike = spans.filter((other) => isAlike(span, other));
    const below = alike.filter(({ durationNs }) => durationNs < span.durationNs).length;
    expect(span.rank).toEqual({
      below,
      equal: alike.filter(({ durationNs }) => durationNs === span.durationNs).length,
      share: (below + 1) / alike.length,
      count: alike.length,
    });
  }
}, 60_000);

test.each([
  [['--format', 'dot', '--json'], '--format dot and --json ask for two different outputs'],
  [['--format', 'mermaid', '--only', 'errors,red'], 'draws the dependencies, not errors,red'],
])('analyze %j is refused before anything is read', (options, what) => {
  const { status, stderr } = newUser()(['analyze', 'missing.json', ...options]);
  expect(status).toBe(2);
  expect(stderr).toContain(what);
});
