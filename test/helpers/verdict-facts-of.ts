import type { VerdictFacts } from '../../src/report/verdict-facts.ts';
import { parseCheck } from '../../src/verdict/parse-check.ts';
import { verdictOf } from '../../src/verdict/verdict.ts';
import { checkResults } from './check-results.ts';
import { drawnTrace } from './drawn-trace.ts';
import { madeRun } from './made-run.ts';
import { comparisonOf } from './profile-of.ts';

const base = madeRun(120, 1);
const current = madeRun(120, 2, {
  slower: { 'POST /charge': 2 },
  serial: true,
  payError: 'declined',
});
const comparison = comparisonOf(base, current);

/** A verdict with all there can be in one; names are `rename`, plain ones for null. */
export function verdictFactsOf(rename: string | null): VerdictFacts {
  const renamed = {
    ...comparison,
    operations: comparison.operations.map((operation) =>
      rename !== null && operation.name === 'POST /charge'
        ? { ...operation, name: rename, service: rename }
        : operation,
    ),
    structure: comparison.structure.map((change) =>
      rename === null
        ? change
        : { ...change, request: { service: rename, name: rename }, detail: rename },
    ),
  };
  const trace = drawnTrace('R [-----)', { R: { name: rename ?? 'R', service: rename ?? 'web' } });
  const checks = checkResults(
    [trace],
    [
      parseCheck('p95 < 1ms', { line: 7 }),
      'warn: max[nobody] < 1ms',
      'p95 < 1s',
      parseCheck('p95 < baseline + 10%', { isOptional: true }),
    ],
  ).map((check) => (rename === null ? check : { ...check, id: rename, why: rename }));
  return {
    inputs: ['traces/run 1.json'],
    baseline: ['main.json'],
    checks,
    comparison: renamed,
    findings: [
      {
        fingerprint: '0123456789abcdef0123456789abcdef',
        rule: 'n-plus-one',
        severity: 'high',
        confidence: 0.9,
        title: rename ?? '13 × SELECT',
        service: rename ?? 'web',
        operation: rename ?? 'GET /',
        count: 13,
        evidence: {},
        advice: 'Fetch all items with one call.',
        occurrences: 1,
        traces: 1,
        tracesShare: 1,
        impactNs: { median: 0, max: 0, total: 0 } as never,
        exemplars: [],
      },
    ],
    verdict: verdictOf(
      { checks, comparison: renamed, findings: [] },
      ['check', 'regression'],
      false,
    ),
    failOn: ['check', 'regression'],
    files: { data: 'traces/run 1.json', config: 'ci/tracecli.yaml' },
    warnings: [],
    worstTrace: { title: rename ?? 'the slowest', drawing: `${rename ?? 'web: GET /'}\n\`\`\`\n` },
  };
}
