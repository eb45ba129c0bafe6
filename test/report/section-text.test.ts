import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { detect } from '../../src/analysis/findings/detect.ts';
import { slowDbRule } from '../../src/analysis/findings/slow-db-rule.ts';
import { withoutSuppressed } from '../../src/analysis/findings/suppressed-findings.ts';
import type { RedOverTime } from '../../src/analysis/red-over-time.ts';
import { redOverTime } from '../../src/analysis/red-over-time.ts';
import { separatingAttributes } from '../../src/analysis/separating-attributes.ts';
import { failedTraces } from '../../src/analysis/trace-selections.ts';
import type { Trace } from '../../src/model/trace.ts';
import { findingsSection } from '../../src/report/findings-report.ts';
import { redSection } from '../../src/report/red-report.ts';
import { separatesSection } from '../../src/report/separates-report.ts';
import { drawnTrace } from '../helpers/drawn-trace.ts';
import { sectionLines } from '../helpers/report-text.ts';
import { spanOf } from '../helpers/span-of.ts';

/** 2023-11-14 22:13:20 in UTC. */
const START = 1_700_000_000_000_000_000n;
const SECOND = 1_000_000_000n;

/** A request of `web` so many seconds after the start. */
function request(second: number, failed: boolean, durationNs = 1_000_000): Trace {
  const traceId = (second * 2 + Number(failed) + 1).toString(16);
  const startUnixNano = START + BigInt(second) * SECOND;
  const statusCode = failed ? 'error' : 'unset';
  const attributes = { region: failed ? 'eu' : 'us' };
  const parts = { traceId, startUnixNano, durationNs, attributes } as const;
  return buildTrace([
    spanOf({ ...parts, statusCode, service: 'web', name: 'GET /', kind: 'server' }),
  ]);
}

function redOf(traces: readonly Trace[]): RedOverTime {
  const accumulator = redOverTime();
  for (const trace of traces) accumulator.add(trace);
  return accumulator.result();
}

test('over time each measure is a line, the clock above its first and last bar', () => {
  const traces = Array.from({ length: 45 }, (_, second) => request(second, second === 4));
  expect(sectionLines(redSection(redOf(traces), 0, 'utc'))).toEqual([
    'Over time, 1.00s a bar',
    `OF          WHAT           TOTAL  22:13:20${' '.repeat(29)}22:14:04`,
    `all traces  requests          45  ${'█'.repeat(45)}`,
    `            failed     1 (2.2 %)  ${'▁'.repeat(4)}█${'▁'.repeat(40)}`,
    `            p95       max 1.00ms  ${'█'.repeat(45)}`,
    'each line by its own maximum; blank: no request',
  ]);
});

test('over time a service without failures has no line for them, and gaps are blank', () => {
  const lines = sectionLines(redSection(redOf([request(0, false), request(3, false)]), 5, 'utc'));
  expect(lines.filter((line) => line.startsWith('web'))).toEqual([
    `web         requests           2  █${'▁'.repeat(29)}█`,
  ]);
  expect(lines.join('\n')).not.toContain('failed');
  expect(lines).toContain(`            p95       max 1.00ms  █${' '.repeat(29)}█`);
});

test('what separates traces is told with both shares, and what was tried', () => {
  const traces = Array.from({ length: 40 }, (_, second) => request(second, second % 2 === 0));
  const selection = failedTraces(false);
  const accumulator = separatingAttributes([selection]);
  for (const trace of traces) accumulator.add(trace, [selection.isSelected?.(trace) === true]);
  const [title, sentence, head, first] = sectionLines(separatesSection(accumulator.result(), 1));
  expect(title).toBe('What separates some traces from the rest');
  expect(sentence).toMatch(
    /^failed: 20 traces of 40; \d+ of \d+ differences? tried (?:is|are) too large for chance$/,
  );
  expect(head).toMatch(/^ *FAILED +REST +CHANCE +HAS/);
  expect(first).toMatch(/^20 \(100 %\) +0 \(0 %\) +<1e-6 +region=eu/);
});

test('without a trace on one side there is nothing to compare', () => {
  const selection = failedTraces(false);
  const accumulator = separatingAttributes([selection]);
  const trace = request(1, false);
  accumulator.add(trace, [selection.isSelected?.(trace) === true]);
  expect(sectionLines(separatesSection(accumulator.result(), 5))).toEqual([
    'What separates some traces from the rest',
    'failed: 0 traces of 1, nothing to compare',
  ]);
});

function slowQueries(...names: readonly string[]) {
  const accumulator = detect([slowDbRule], { params: { 'slow-db.minDurationMs': 1 } });
  for (const [i, name] of names.entries()) {
    accumulator.add(
      drawnTrace('R [-------)\n q [--)', {
        R: { traceId: `${i + 1}` },
        q: { traceId: `${i + 1}`, name, kind: 'client', attributes: { 'db.system': 'mysql' } },
      }),
    );
  }
  return accumulator.result();
}

test('findings are sentences: where, what, how much, and once a rule what to do', () => {
  const found = withoutSuppressed(slowQueries('first', 'second', 'third'), []);
  const lines = sectionLines(findingsSection(found, 2, false));
  expect(lines.slice(0, 2)).toEqual(['Findings, most severe first', '3 findings: 3 high']);
  expect(lines.filter((line) => line.startsWith('high'))).toHaveLength(2);
  expect(lines.filter((line) => line.includes('Look at the plan'))).toHaveLength(1);
  expect(lines[4]).toBe(
    '        in 1 trace (33 %); costs a trace up to 3.00ms; see 0000000000000003',
  );
  expect(lines.at(-1)).toBe('… 1 more');
  expect(lines.join('\n')).not.toContain('fingerprint');
});

test('in detail findings have fingerprints, and suppressed ones are counted', () => {
  const all = slowQueries('first', 'second');
  const [first] = all.findings.map(({ fingerprint }) => fingerprint);
  const lines = sectionLines(findingsSection(withoutSuppressed(all, [first ?? '']), 5, true));
  expect(lines[1]).toBe('1 finding: 1 high; 1 finding suppressed');
  expect(lines.filter((line) => /^ {8}fingerprint [0-9a-f]{32}$/.test(line))).toHaveLength(1);
  expect(lines.join('\n')).not.toContain(first);
  const nothing = withoutSuppressed(
    all,
    all.findings.map(({ fingerprint }) => fingerprint),
  );
  expect(sectionLines(findingsSection(nothing, 5, true))).toEqual([
    'Findings',
    'no rule found anything; 2 findings suppressed',
  ]);
});
