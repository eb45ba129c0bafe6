import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { chattyRule } from '../../../src/analysis/findings/chatty-rule.ts';
import { detect } from '../../../src/analysis/findings/detect.ts';
import { duplicateCallRule } from '../../../src/analysis/findings/duplicate-call-rule.ts';
import { nPlusOneRule } from '../../../src/analysis/findings/n-plus-one-rule.ts';
import { retryRule } from '../../../src/analysis/findings/retry-rule.ts';
import { sequentialFanOutRule } from '../../../src/analysis/findings/sequential-fan-out-rule.ts';
import { slowDbRule } from '../../../src/analysis/findings/slow-db-rule.ts';
import { CORPUS } from '../../helpers/corpus.ts';
import { readDump } from '../../helpers/read-dump.ts';
import { tracesOf } from '../../helpers/traces-of.ts';

const RULES = [
  chattyRule,
  duplicateCallRule,
  nPlusOneRule,
  retryRule,
  sequentialFanOutRule,
  slowDbRule,
];
/** What the reference looked for too; it does not tell storms from retries. */
const COMPARED = [
  'chatty',
  'duplicate-call',
  'n-plus-one',
  'retry',
  'sequential-fan-out',
  'slow-db',
];

type Counts = Readonly<Record<string, number>>;

/** Where the counts differ from the reference's, and why that is right. */
const DIFFERENT: Readonly<Record<string, { readonly counts: Counts; readonly why: string }>> = {
  'jaeger/uber-research_CRISP__case-22.json': {
    counts: { retry: 0 },
    why: 'its spans have no status and fail by their HTTP codes alone, which is told by unmarked-errors',
  },
  'otlp/jaegertracing_jaeger__mcp-skill-n_plus_one_full_concurrent.json': {
    counts: { chatty: 1 },
    why: 'ten concurrent calls of one span are chatty, which the reference looks for in whole traces only',
  },
};

function references(): [string, Counts][] {
  if (CORPUS === null) return [];
  const text = readFileSync(path.join(CORPUS, 'cases/semantics/detections_corpus.json'), 'utf8');
  const { files }: { files: Record<string, { counts: Counts }> } = JSON.parse(text);
  // The Zipkin dumps lie elsewhere under the same names, and those of load tests come by the thousand.
  return Object.entries(files)
    .filter(([file]) => /^(?:jaeger|otlp)\//.test(file))
    .map(([file, { counts }]) => [file, counts]);
}

const FILES = references();

test.skipIf(FILES.length === 0)('there are dumps to compare with', () => {
  expect(FILES.length).toBeGreaterThan(0);
});

test.each(FILES)('%s', async (file, reference) => {
  const accumulator = detect(RULES);
  const spans = await readDump(path.join(CORPUS ?? '', 'traces', file));
  for (const trace of tracesOf(spans)) accumulator.add(trace);
  const found: Record<string, number> = {};
  for (const { rule, occurrences } of accumulator.result().findings) {
    const name = rule === 'retry-storm' ? 'retry' : rule;
    found[name] = (found[name] ?? 0) + occurrences;
  }
  const compared = (counts: Counts) =>
    Object.fromEntries(COMPARED.map((name) => [name, counts[name] ?? 0]));
  expect(compared(found)).toEqual(compared({ ...reference, ...DIFFERENT[file]?.counts }));
});
