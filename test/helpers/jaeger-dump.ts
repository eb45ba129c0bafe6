import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AttributeValue } from '../../src/model/attributes.ts';
import { spanId } from '../../src/model/ids.ts';
import { SPAN_KINDS, type Span } from '../../src/model/span.ts';
import { CORPUS } from './corpus.ts';
import { resourceOf, spanIdOf, spanOf } from './span-of.ts';

interface JaegerTag {
  readonly key: string;
  readonly value: string | number | boolean;
}

export interface JaegerSpan {
  readonly spanID: string;
  readonly operationName: string;
  readonly references: readonly { readonly spanID: string }[];
  readonly startTime: number;
  readonly duration: number;
  readonly processID: string;
  readonly tags: readonly JaegerTag[];
}

export interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes?: Readonly<
    Record<string, { readonly serviceName: string; readonly tags?: readonly JaegerTag[] }>
  >;
}

/** A JSON file of the corpus; its tests are skipped where there is none. */
export function readCorpusJson<T>(...file: string[]): T {
  return JSON.parse(readFileSync(path.join(CORPUS ?? '', ...file), 'utf8'));
}

/**
 * The spans of a plain Jaeger trace, read independently of the importer: one CHILD_OF parent, times in microseconds, ids that
 * are not hex hashed. Enough for the reference traces of the corpus, and nothing more.
 */
export function jaegerSpans(trace: JaegerTrace): Span[] {
  return trace.spans.map((span) => {
    const kind = span.tags.find(({ key }) => key === 'span.kind')?.value;
    const process = trace.processes?.[span.processID];
    return spanOf({
      spanId: jaegerId(span.spanID),
      parentSpanId: span.references[0] ? jaegerId(span.references[0].spanID) : null,
      name: span.operationName,
      kind: SPAN_KINDS.find((known) => known === kind) ?? 'unspecified',
      statusCode: span.tags.some(({ key, value }) => key === 'error' && value === true)
        ? 'error'
        : 'unset',
      startUnixNano: BigInt(span.startTime) * 1000n,
      durationNs: span.duration * 1000,
      resource: resourceOf(process?.serviceName ?? '', tagsOf(process?.tags ?? [])),
    });
  });
}

/** A span id of the corpus as the canonical one. */
export function jaegerId(raw: string): string {
  const padded = raw.padStart(16, '0');
  if (spanId(padded) !== null) return padded;
  return spanIdOf(createHash('sha256').update(raw).digest('hex').slice(0, 16));
}

function tagsOf(tags: readonly JaegerTag[]): Record<string, AttributeValue> {
  return Object.fromEntries(
    tags.map(({ key, value }) => [key === 'hostname' ? 'host.name' : key, value]),
  );
}
