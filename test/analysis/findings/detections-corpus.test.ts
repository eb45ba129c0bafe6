import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { clockSkewRule } from '../../../src/analysis/findings/clock-skew-rule.ts';
import { errorStatusRules } from '../../../src/analysis/findings/error-status-rules.ts';
import { errorSwallowedRule } from '../../../src/analysis/findings/error-swallowed-rule.ts';
import type { Finding } from '../../../src/analysis/findings/finding.ts';
import type { FindingRule } from '../../../src/analysis/findings/finding-rule.ts';
import { gapRule } from '../../../src/analysis/findings/gap-rule.ts';
import { missingSpansRule } from '../../../src/analysis/findings/missing-spans-rule.ts';
import { secretRule } from '../../../src/analysis/findings/secret-rule.ts';
import { serverOutlivesClientRule } from '../../../src/analysis/findings/server-outlives-client-rule.ts';
import { timeoutRule } from '../../../src/analysis/findings/timeout-rule.ts';
import { uninstrumentedLeafRule } from '../../../src/analysis/findings/uninstrumented-leaf-rule.ts';
import { CORPUS } from '../../helpers/corpus.ts';
import { findingsOf } from '../../helpers/findings-of.ts';
import { readDump } from '../../helpers/read-dump.ts';
import { tracesOf } from '../../helpers/traces-of.ts';

const RULES: readonly FindingRule[] = [
  clockSkewRule,
  errorSwallowedRule,
  gapRule,
  missingSpansRule,
  secretRule,
  serverOutlivesClientRule,
  timeoutRule,
  uninstrumentedLeafRule,
  ...errorStatusRules,
];

/** What the reference looked for too, by its names. */
const COMPARED = [
  'clock-skew',
  'error-swallowed',
  'exception-not-error',
  'gap',
  'http5xx-not-error',
  'missing-parent',
  'multiple-roots',
  'pii-card',
  'pii-email',
  'secret',
  'server-outlives-client',
  'timeout',
  'uninstrumented-leaf',
];

type Counts = Readonly<Record<string, number>>;

const COPIES = 'the reference counts every copy of a span that occurs twice, a trace has it once';
const FOLLOWS =
  'a span whose parent is lost hangs below the span of its trace that it follows from';
const KINDLESS = 'a span without a kind is read as a local one, so that it can be opaque';
const BY_CODE =
  'these spans have no status and fail by their HTTP codes alone, which is told by unmarked-errors';

/** Where the counts differ from the reference's, and why that is right. */
const DIFFERENT: Readonly<Record<string, { readonly counts: Counts; readonly why: string }>> = {
  'jaeger/docker_buildx__buildkit-jaeger.json': {
    counts: { 'uninstrumented-leaf': 2 },
    why: KINDLESS,
  },
  'jaeger/jaegertracing_jaeger-ui__otlp2jaeger-out.json': {
    counts: { 'missing-parent': 1 },
    why: COPIES,
  },
  'jaeger/jaegertracing_jaeger__otlp2jaeger-out.json': {
    counts: { 'missing-parent': 1 },
    why: COPIES,
  },
  'jaeger/uber-research_CRISP__case-17.json': {
    counts: { 'error-swallowed': 1 },
    why: 'an error below a span of another service that did not fail was absorbed there, whatever failed above',
  },
  'jaeger/uber-research_CRISP__case-21.json': {
    counts: { 'error-swallowed': 0, 'http5xx-not-error': 1 },
    why: BY_CODE,
  },
  'jaeger/uber-research_CRISP__case-22.json': {
    counts: { 'error-swallowed': 0, 'http5xx-not-error': 1 },
    why: BY_CODE,
  },
  'otlp/jaegertracing_jaeger-ui__otlp2jaeger-in.json': {
    counts: { 'missing-parent': 1 },
    why: COPIES,
  },
  'otlp/jaegertracing_jaeger__memory-db_traces_01.json': {
    counts: { 'missing-parent': 1 },
    why: FOLLOWS,
  },
  'otlp/jaegertracing_jaeger__memory-otel_traces_01.json': {
    counts: { 'missing-parent': 3 },
    why: FOLLOWS,
  },
  'zipkin/openzipkin_zipkin__messaging2.json': {
    counts: { 'uninstrumented-leaf': 1 },
    why: KINDLESS,
  },
  'zipkin/openzipkin_zipkin__ui-messaging-kafka.json': {
    counts: { gap: 3, 'error-swallowed': 0, 'multiple-roots': 0 },
    why: `${COPIES}; errors of consumers happen in the background; halves of one shared id are parent and child`,
  },
  'zipkin/scalyr_opentelemetry-exporter-dataset__contrib-zipkin_v1_single_batch.json': {
    counts: { 'multiple-roots': 0 },
    why: 'halves of one shared id are parent and child',
  },
  'zipkin/scalyr_opentelemetry-exporter-dataset__contrib-zipkinreceiver-sample1.json': {
    counts: { 'missing-parent': 1 },
    why: COPIES,
  },
  'derived/IntelligentDDS_Nezha__onlineboutique-0353.otlp.jsonl': {
    counts: { 'uninstrumented-leaf': 5 },
    why: KINDLESS,
  },
};

/** The reference's folder names and those of the dumps. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = { zipkin: ['zipkin-v2', 'zipkin-v1'] };

function dumpOf(file: string): string | null {
  const [folder = '', name = ''] = file.split('/');
  const files = (FOLDERS[folder] ?? [folder]).map((f) =>
    path.join(CORPUS ?? '', 'traces', f, name),
  );
  return files.find((f) => existsSync(f)) ?? null;
}

function referenceCounts(): [string, Counts][] {
  if (CORPUS === null) return [];
  const text = readFileSync(path.join(CORPUS, 'cases/semantics/detections_corpus.json'), 'utf8');
  const { files }: { files: Record<string, { counts: Counts }> } = JSON.parse(text);
  return Object.entries(files).map(([file, { counts }]) => [file, counts]);
}

/** A finding counts as the reference does: once for each span, pair or gap. Kinds of personal data have names of their own. */
function nameAndCount({ rule, count, occurrences, evidence }: Finding): [string, number] {
  const kind = evidence['kind'];
  if (rule === 'pii' && typeof kind === 'string') return [`pii-${kind}`, count];
  const isCounted = rule === 'gap' || rule === 'multiple-roots' ? occurrences : null;
  return [rule, isCounted ?? Math.max(count, occurrences)];
}

async function countsIn(dump: string): Promise<Counts> {
  const counts: Record<string, number> = {};
  for (const trace of tracesOf(await readDump(dump))) {
    for (const rule of RULES) {
      for (const finding of findingsOf(rule, [trace])) {
        const [name, count] = nameAndCount(finding);
        counts[name] = (counts[name] ?? 0) + count;
      }
    }
  }
  return counts;
}

const FILES = referenceCounts();

test.skipIf(FILES.length === 0)('the dumps of the reference are there', () => {
  expect(FILES.filter(([file]) => dumpOf(file) === null)).toEqual([]);
});

test.skipIf(FILES.length === 0).each(FILES)('%s', async (file, reference) => {
  const found = await countsIn(dumpOf(file) ?? '');
  const expected = { ...reference, ...DIFFERENT[file]?.counts };
  const compared = (counts: Counts) =>
    Object.fromEntries(COMPARED.map((name) => [name, counts[name] ?? 0]));
  expect(compared(found)).toEqual(compared(expected));
});
