import { readFileSync } from 'node:fs';
import path from 'node:path';
import { otlpJson } from '../../src/importers/otlp/otlp-json.ts';
import type { Trace } from '../../src/model/trace.ts';
import { parseQuery } from '../../src/traceql/parse-query.ts';
import { compilePipeline, type TraceMatch } from '../../src/traceql/spansets.ts';
import { CORPUS } from './corpus.ts';
import { decodeText } from './decode-text.ts';
import { tracesOf } from './traces-of.ts';

/** A file of worked cases of TraceQL. */
export function readCases<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(CORPUS ?? '', 'cases/semantics', name), 'utf8'));
}

/** The traces of a fixture in OTLP JSON. */
export function fixtureTraces(name: string): Trace[] {
  return tracesOf(decodeText(otlpJson, readCases(name)).spans);
}

/** What a query finds in traces. */
export function findIn(traces: readonly Trace[], query: string): TraceMatch[] {
  const parsed = parseQuery(query);
  if (parsed.kind !== 'spans') throw new RangeError(`not a query for spans: ${query}`);
  const run = compilePipeline(parsed.stages);
  return traces.flatMap((trace) => run(trace) ?? []);
}

/** The ids of all spans that were found, sorted. */
export function spanIdsOf(matches: readonly TraceMatch[]): string[] {
  return matches
    .flatMap(({ spansets }) => spansets.flatMap(({ nodes }) => nodes))
    .map(({ span }) => span.spanId)
    .sort();
}
