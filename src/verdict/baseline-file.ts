import { spanId, traceId } from '../model/ids.ts';
import { SPAN_KINDS } from '../model/span.ts';
import { UserError } from '../model/user-error.ts';
import type { SpanEvidence } from './evidence.ts';
import { type Fields, JsonReader } from './json-reader.ts';
import { readMeasure, writtenMeasure } from './measure-file.ts';
import {
  type CallCounts,
  FEATURE_KINDS,
  type Feature,
  type OperationName,
  type OperationProfile,
  type PathMeans,
  type RequestProfile,
  type RunProfile,
} from './run-profile.ts';
import { sampleOf, sampleText } from './sample-text.ts';

/** The schema of what is written; older ones of the same major version are read. */
const BASELINE_SCHEMA = 'tracecli.baseline/1';

/** A profile as a document that JSON can say: one object a line would be readable, one line an operation is compact. */
export function baselineText(profile: RunProfile, version: string): string {
  const { traces, spans, operations, requests, findings, measures } = profile;
  const head = {
    schema: BASELINE_SCHEMA,
    tool: { name: 'tracecli', version },
    traces,
    spans,
    findings,
  };
  const lines = (items: readonly object[]) => items.map((item) => JSON.stringify(item)).join(',\n');
  const opened = JSON.stringify(head).slice(0, -1);
  return `${opened},\n"operations":[\n${lines(operations.map(writtenOperation))}\n],\n"requests":[\n${lines(requests.map(writtenRequest))}\n],\n"measures":[\n${lines(measures.map(writtenMeasure))}\n]}\n`;
}

function writtenOperation({ durations, slowest, selfs, exemplar, ...facts }: OperationProfile) {
  return {
    ...facts,
    durations: sampleText(durations),
    slowest: slowest === durations ? null : sampleText(slowest),
    selfs: sampleText(selfs),
    exemplar: exemplar && [exemplar.traceId, exemplar.spanId],
  };
}

function writtenRequest({
  durations,
  exemplar,
  typical,
  tail,
  features,
  ...facts
}: RequestProfile) {
  return {
    ...facts,
    durations: sampleText(durations),
    exemplar: exemplar && [exemplar.traceId, exemplar.spanId],
    typical: writtenPaths(typical),
    tail: writtenPaths(tail),
    features: features.map(({ kind, operations, detail, traces }) => ({
      kind,
      operations: operations.map(({ service, name }) => [service, name]),
      detail,
      traces,
    })),
  };
}

function writtenPaths({ traces, totalNs, parts }: PathMeans) {
  return {
    traces,
    totalNs,
    parts: parts.map(({ service, name, totalNs: ns, squares }) => [service, name, ns, squares]),
  };
}

/** Whether a text is meant to be a baseline. */
export function isBaselineText(text: string): boolean {
  return /^\s*\{\s*"schema"\s*:\s*"tracecli\.baseline\//.test(text.slice(0, 200));
}

/** Reads what `baselineText` wrote, now or in an earlier version. Throws an input error that says what is wrong with `name`. */
export function readBaseline(text: string, name: string): RunProfile {
  const reader = new JsonReader(text, name);
  const root = reader.root;
  const schema = root.text('schema');
  if (schema !== BASELINE_SCHEMA) {
    throw new UserError('input', `${name} is a baseline of another version: ${schema}`, {
      fix: `save it again with this version, which writes ${BASELINE_SCHEMA}`,
    });
  }
  return {
    traces: root.count('traces'),
    spans: root.count('spans'),
    operations: root.list('operations', readOperation),
    requests: root.list('requests', readRequest),
    findings: root.has('findings') ? root.texts('findings') : null,
    // The first version had none.
    measures: root.has('measures') ? root.list('measures', readMeasure) : [],
  };
}

function readName(item: Fields): OperationName {
  return { service: item.text('service'), name: item.text('name') };
}

function readOperation(item: Fields): OperationProfile {
  const durations = readSample(item, 'durations');
  return {
    ...readName(item),
    kind: item.oneOf('kind', SPAN_KINDS),
    spans: item.count('spans'),
    traces: item.count('traces'),
    failedTraces: item.count('failedTraces'),
    asRequest: item.count('asRequest'),
    durations,
    slowest: item.has('slowest') ? readSample(item, 'slowest') : durations,
    selfs: readSample(item, 'selfs'),
    exemplar: readEvidence(item),
  };
}

function readRequest(item: Fields): RequestProfile {
  return {
    ...readName(item),
    traces: item.count('traces'),
    failedTraces: item.count('failedTraces'),
    durations: readSample(item, 'durations'),
    exemplar: readEvidence(item),
    typical: readPaths(item.fields('typical')),
    tail: readPaths(item.fields('tail')),
    calls: item.list('calls', readCalls),
    features: item.list('features', readFeature),
  };
}

function readSample(item: Fields, field: string): Float64Array {
  return sampleOf(item.text(field)) ?? item.fail(field, 'a sample of durations');
}

function readEvidence(item: Fields): SpanEvidence | null {
  if (!item.has('exemplar')) return null;
  const [trace = '', span = ''] = item.texts('exemplar');
  const ids = { traceId: traceId(trace), spanId: spanId(span) };
  return ids.traceId !== null && ids.spanId !== null
    ? { traceId: ids.traceId, spanId: ids.spanId }
    : item.fail('exemplar', 'the ids of a trace and a span');
}

function readPaths(item: Fields): PathMeans {
  return {
    traces: item.count('traces'),
    totalNs: item.number('totalNs'),
    parts: item
      .rows('parts')
      .map(([service, name, totalNs, squares]) =>
        typeof service === 'string' &&
        typeof name === 'string' &&
        typeof totalNs === 'number' &&
        typeof squares === 'number'
          ? { service, name, totalNs, squares }
          : item.fail('parts', 'rows of service, name, sum and squares'),
      ),
  };
}

function readCalls(item: Fields): CallCounts {
  return {
    ...readName(item),
    kind: item.oneOf('kind', SPAN_KINDS),
    counts: item
      .rows('counts')
      .map(([calls, traces]) =>
        typeof calls === 'number' && typeof traces === 'number'
          ? ([calls, traces] as const)
          : item.fail('counts', 'pairs of calls and traces'),
      ),
  };
}

function readFeature(item: Fields): Feature {
  return {
    kind: item.oneOf('kind', FEATURE_KINDS),
    operations: item
      .rows('operations')
      .map(([service, name]) =>
        typeof service === 'string' && typeof name === 'string'
          ? { service, name }
          : item.fail('operations', 'pairs of service and name'),
      ),
    detail: item.text('detail'),
    traces: item.count('traces'),
  };
}
