import { readFileSync } from 'node:fs';
import path from 'node:path';
import { jaegerJson } from '../../src/importers/jaeger/jaeger-json.ts';
import type { Trace, TraceNode } from '../../src/model/trace.ts';
import { CORPUS } from './corpus.ts';
import { decodeText } from './decode-text.ts';
import { tracesOf } from './traces-of.ts';

/** A JSON file of the corpus; call it only in a corpus test. */
export function readCorpusJson<T>(...file: string[]): T {
  return JSON.parse(readFileSync(path.join(CORPUS ?? '', ...file), 'utf8'));
}

/** A file among the reference results for critical paths. */
export function readPathReference<T>(file: string): T {
  return readCorpusJson('cases', 'critical-path', file);
}

/** The traces of a Jaeger document, as the importer reads them. */
export function jaegerTraces(dump: unknown): Trace[] {
  return tracesOf(decodeText(jaegerJson, dump).spans);
}

/** The span's id as its dump spells it. */
export function rawSpanId({ span }: TraceNode): string {
  return span.origin.spanIdRaw ?? span.spanId;
}

/** The trace's id as its dump spells it, as far as the root tells. */
export function rawTraceId({ traceId, nodes }: Trace): string {
  const raw = nodes[0]?.span.origin.traceIdRaw;
  return raw ?? traceId;
}
