import type { Attributes, AttributeValue } from '../model/attributes.ts';
import type { SpanKind } from '../model/span.ts';

/** One of the properties of spans that a question is about is a bit of a 32-bit number. */
export type Bits = number;

/** What is asked of every span of the store. */
export interface SpanQuestion {
  /** Bits that no column can decide about; they count as holding. */
  readonly always: Bits;
  readonly ofOperation: (operation: {
    readonly service: string;
    readonly name: string;
    readonly kind: SpanKind;
  }) => Bits;
  /** By index in STATUS_CODES. */
  readonly ofStatus: readonly Bits[];
  readonly ofDuration: (durationNs: number) => Bits;
  /** All bits that operations and statuses alone decide about. */
  readonly groupBits: Bits;
  /** All bits that durations decide about. */
  readonly durationBits: Bits;
  /** Bits that may hold for a duration between the two. */
  readonly ofDurations: (minNs: number, maxNs: number) => Bits;
  readonly ofResource: (attributes: Attributes) => Bits;
  readonly ofAttributes: readonly AttributeQuestion[];
  /** Which of its parts a span answers that has these bits: a bit each. More bits never answer fewer. */
  readonly parts: (bits: Bits) => Bits;
}

/** A question about one attribute of a span. */
export interface AttributeQuestion {
  readonly bit: Bits;
  readonly name: string;
  /** Only these values will do, in their stored form; null when `holds` decides. */
  readonly stored: readonly string[] | null;
  readonly holds: (value: AttributeValue) => boolean;
}

/** The bit of no part. */
export const UNCERTAIN = 1 << 31;

/** In the stored form: what an attribute that will do begins with. Values of other types, and lists, are looked at one by one. */
export function piecesOf({ name, stored }: AttributeQuestion): string[] {
  const key = `${JSON.stringify(name)}:`;
  if (stored === null) return [key];
  return [...stored.map((value) => key + value), `${key}[`, `${key}{`];
}
