import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AttributeValue } from '../../src/model/attributes.ts';
import { SPAN_KINDS, type Span, STATUS_CODES } from '../../src/model/span.ts';
import { idOf } from './drawn-trace.ts';
import { spanOf } from './span-of.ts';

/** A span of a worked case: a short name as its id, times in microseconds from the case's zero. */
export interface CaseSpan {
  readonly id: string;
  readonly parent: string | null;
  readonly ref: 'child_of' | 'follows_from';
  readonly start: number;
  readonly end: number;
  readonly service?: string;
  readonly op?: string;
  readonly kind?: string | null;
  readonly error?: boolean;
  readonly status?: string;
  readonly statusMessage?: string;
  readonly attrs?: Readonly<Record<string, string | number | boolean>>;
  readonly events?: readonly CaseEvent[];
}

interface CaseEvent {
  readonly name: string;
  readonly attrs: Readonly<Record<string, string | number | boolean>>;
}

/** Room before the case's zero for spans with negative times. */
const ZERO = 1_700_000_000_000_000_000n;

/** The list of cases in `fixtures/cases`. */
export function readCases<T>(file: string): T[] {
  const path = fileURLToPath(new URL(`../../fixtures/cases/${file}`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** The spans of a case, in its order. A reference that is not the plain parent becomes a link, as Jaeger's importer keeps it. */
export function caseSpans(spans: readonly CaseSpan[]): Span[] {
  return spans.map((span) => {
    const follows = span.ref === 'follows_from' && span.parent !== null;
    const plain = spanOf({
      spanId: idOf(span.id),
      parentSpanId: span.parent === null ? null : idOf(span.parent),
      name: span.op ?? span.id,
      kind: SPAN_KINDS.find((kind) => kind === span.kind) ?? 'unspecified',
      statusCode:
        STATUS_CODES.find((code) => code === span.status) ?? (span.error ? 'error' : 'unset'),
      statusMessage: span.statusMessage ?? '',
      service: span.service ?? '',
      startUnixNano: ZERO + BigInt(span.start) * 1000n,
      durationNs: (span.end - span.start) * 1000,
      attributes: attributesOf(span.attrs),
    });
    return {
      ...plain,
      events: (span.events ?? []).map(({ name, attrs }) => ({
        timeUnixNano: plain.startUnixNano,
        name,
        attributes: new Map(Object.entries(attributesOf(attrs))),
        droppedAttributes: 0,
      })),
      links: follows
        ? [
            {
              traceId: plain.traceId,
              spanId: idOf(span.parent ?? ''),
              traceState: '',
              attributes: new Map([['opentracing.ref_type', 'follows_from']]),
              flags: 0,
              droppedAttributes: 0,
            },
          ]
        : [],
    };
  });
}

/** JSON's whole numbers are int64 attributes. */
function attributesOf(attrs: CaseSpan['attrs'] = {}): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(attrs).map(([key, value]) => [
      key,
      typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value,
    ]),
  );
}

/** The earliest start of a case in microseconds: what offset 0 of its trace means. */
export function caseZero(spans: readonly CaseSpan[]): number {
  return spans.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY);
}
