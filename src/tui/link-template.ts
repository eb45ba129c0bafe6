import type { TraceId } from '../model/ids.ts';
import type { UnixNano } from '../model/time.ts';
import type { TraceNode } from '../model/trace.ts';
import { attributeText } from './layout/attribute-text.ts';

/** A page of another tool. What stands in braces in its address is filled in: `LINK_FIELDS`, `attribute:KEY`, `resource:KEY`. */
export interface LinkTemplate {
  readonly name: string;
  readonly url: string;
}

/** A stretch of time, exact. */
interface Extent {
  readonly start: UnixNano;
  readonly durationNs: number;
}

/** What a link is opened for. */
export interface LinkSubject {
  readonly traceId: TraceId;
  readonly trace: Extent;
  /** Of the span, or of the root where no span is selected; '' where nothing is known. */
  readonly service: string;
  readonly operation: string;
  /** Null on lists of traces. */
  readonly node: TraceNode | null;
}

type Fill = (subject: LinkSubject) => string;

/** Nanoseconds per unit that other tools count times in. */
const UNITS = { Ms: 1_000_000n, Us: 1000n, Ns: 1n } as const;

/** `startMs` … `endNs` of the span, or of the trace where no span is selected; `traceStartMs` … always of the trace. */
const TIMES: readonly (readonly [string, Fill])[] = Object.entries(UNITS).flatMap(
  ([unit, nanosPerUnit]) => {
    const start = (extent: Extent) => String(extent.start / nanosPerUnit);
    // Rounded up: what ends inside the last unit is still in sight.
    const end = ({ start: from, durationNs }: Extent) =>
      String((from + BigInt(durationNs) + nanosPerUnit - 1n) / nanosPerUnit);
    return [
      [`start${unit}`, (subject) => start(extentOf(subject))],
      [`end${unit}`, (subject) => end(extentOf(subject))],
      [`traceStart${unit}`, ({ trace }) => start(trace)],
      [`traceEnd${unit}`, ({ trace }) => end(trace)],
    ] as const satisfies (readonly [string, Fill])[];
  },
);

const FIELDS: ReadonlyMap<string, Fill> = new Map([
  ['traceId', ({ traceId }) => traceId],
  ['spanId', ({ node }) => node?.span.spanId ?? ''],
  ['service', ({ service }) => service],
  ['operation', ({ operation }) => operation],
  ...TIMES,
] satisfies (readonly [string, Fill])[]);

/** What may stand in braces, besides attributes. */
export const LINK_FIELDS: readonly string[] = [...FIELDS.keys()];

const PLACE = /\{([^{}]*)\}/g;
const ATTRIBUTE = /^(attribute|resource):(.+)$/;

function extentOf({ node, trace }: LinkSubject): Extent {
  return node ? { start: node.span.startUnixNano, durationNs: node.span.durationNs } : trace;
}

/** The first place of an address that stands for nothing, with its braces; null when all are known. */
export function unknownPlace(url: string): string | null {
  for (const [place, name = ''] of url.matchAll(PLACE)) {
    if (!FIELDS.has(name) && !ATTRIBUTE.test(name)) return place;
  }
  return null;
}

/** The address for `subject`; null when it asks for an attribute that the selected span lacks. */
export function filledUrl(url: string, subject: LinkSubject): string | null {
  let isWhole = true;
  const filled = url.replaceAll(PLACE, (_, name: string) => {
    const text = FIELDS.get(name)?.(subject) ?? attributeOf(subject, name);
    isWhole &&= text !== null;
    return encodeURIComponent(wellFormed(text ?? ''));
  });
  return isWhole ? filled : null;
}

function attributeOf({ node }: LinkSubject, name: string): string | null {
  const [, where, key = ''] = ATTRIBUTE.exec(name) ?? [];
  const span = node?.span;
  const value = (where === 'resource' ? span?.resource.attributes : span?.attributes)?.get(key);
  return value === undefined ? null : attributeText(value);
}

/** Half a surrogate pair cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\u{fffd}');
}
