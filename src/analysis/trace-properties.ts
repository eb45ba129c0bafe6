import type { Attributes, AttributeValue } from '../model/attributes.ts';
import type { TraceId } from '../model/ids.ts';
import type { Resource } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';

/** Where a property of a trace is written, in the order in which they are preferred as a name for the same traces. */
export const PROPERTY_SOURCES = ['service', 'operation', 'span', 'resource'] as const;

export type PropertySource = (typeof PROPERTY_SOURCES)[number];

/** Something that a trace has if any of its spans has it. */
export interface TraceProperty {
  readonly source: PropertySource;
  /** The attribute; of services `service.name`, of operations the service. */
  readonly key: string;
  /** The value as text, or the name of the operation; null: the key, whatever its value. */
  readonly value: string | null;
}

/** How many traces have a property. */
export interface PropertyCounts extends TraceProperty {
  /** In all traces. */
  readonly all: number;
  /** By selection: in the traces that it selects. */
  readonly selected: readonly number[];
  /** By selection: the smallest id of them; null without any. */
  readonly exemplars: readonly (TraceId | null)[];
  /** The same for properties of the same traces, and for hardly any others. */
  readonly fingerprint: string;
}

/** Values of one key that are told apart; a key with more is only known to be there or not. */
const MAX_VALUES = 1000;
/** Keys that are looked at; the first to come, in the order of the traces. */
const MAX_KEYS = 1000;
/** Texts are compared by their first characters. */
const MAX_TEXT = 200;

interface Growing {
  readonly property: TraceProperty;
  all: number;
  readonly selected: number[];
  readonly exemplars: (TraceId | null)[];
  high: number;
  low: number;
  /** Number of the trace that counted last. */
  lastTrace: number;
}

interface KeyCounts {
  readonly present: Growing;
  /** Null when there are too many. */
  values: Map<string, Growing> | null;
}

/**
 * Counts in how many traces, selected and in all, each property occurs: services, operations, and attributes of spans and resources
 * that are texts, numbers or truth values. Bounded: a key with more than 1,000 values keeps none of them, whatever came first, and
 * after 1,000 keys new ones are ignored.
 */
export class TraceProperties {
  readonly #keys = new Map<string, KeyCounts>();
  readonly #selections: number;
  #traces = 0;
  #trace: { id: TraceId; high: number; low: number; selected: readonly boolean[] } | null = null;

  /** `selections`: how many there are. */
  constructor(selections: number) {
    this.#selections = selections;
  }

  /** Each trace once; `selected` says of each selection whether it has the trace. */
  add(trace: Trace, selected: readonly boolean[]): void {
    const id = trace.traceId;
    const high = Number.parseInt(id.slice(0, 8), 16) ^ Number.parseInt(id.slice(16, 24), 16);
    const low = Number.parseInt(id.slice(8, 16), 16) ^ Number.parseInt(id.slice(24), 16);
    this.#traces += 1;
    this.#trace = {
      id,
      high: mixed(high),
      low: mixed(low ^ Math.imul(high, 0x9e3779b9)),
      selected,
    };
    const resources = new Set<Resource>();
    for (const { service, span } of trace.nodes) {
      this.#count('service', 'service.name', service);
      this.#count('operation', service, span.name);
      this.#countAll('span', span.attributes);
      if (resources.has(span.resource)) continue;
      resources.add(span.resource);
      this.#countAll('resource', span.resource.attributes);
    }
  }

  #countAll(source: PropertySource, attributes: Attributes): void {
    for (const [key, value] of attributes.entries()) {
      const text = scalarText(value);
      if (text !== null && key !== 'service.name') this.#count(source, key, text);
    }
  }

  #count(source: PropertySource, key: string, value: string): void {
    const counts = this.#keyOf(source, key);
    if (counts === null) return;
    this.#hit(counts.present);
    const { values } = counts;
    if (values === null) return;
    let growing = values.get(value);
    if (growing === undefined) {
      if (values.size === MAX_VALUES) {
        counts.values = null;
        return;
      }
      growing = this.#fresh({ source, key, value });
      values.set(value, growing);
    }
    this.#hit(growing);
  }

  #keyOf(source: PropertySource, key: string): KeyCounts | null {
    const id = `${source} ${key}`;
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    if (this.#keys.size === MAX_KEYS) return null;
    const counts = { present: this.#fresh({ source, key, value: null }), values: new Map() };
    this.#keys.set(id, counts);
    return counts;
  }

  #fresh(property: TraceProperty): Growing {
    return {
      property,
      all: 0,
      selected: Array.from({ length: this.#selections }, () => 0),
      exemplars: Array.from({ length: this.#selections }, () => null),
      high: 0,
      low: 0,
      lastTrace: 0,
    };
  }

  #hit(growing: Growing): void {
    const trace = this.#trace;
    if (growing.lastTrace === this.#traces || trace === null) return;
    growing.lastTrace = this.#traces;
    growing.all += 1;
    growing.high ^= trace.high;
    growing.low ^= trace.low;
    for (const [i, isSelected] of trace.selected.entries()) {
      if (!isSelected) continue;
      growing.selected[i] = (growing.selected[i] ?? 0) + 1;
      const best = growing.exemplars[i] ?? null;
      if (best === null || trace.id < best) growing.exemplars[i] = trace.id;
    }
  }

  /** Every property that was counted, in no order. */
  *counts(): Generator<PropertyCounts> {
    for (const { present, values } of this.#keys.values()) {
      yield finished(present);
      for (const growing of values?.values() ?? []) yield finished(growing);
    }
  }

  /** Keys whose values were too many to keep, as `source key`, by code unit. */
  crowdedKeys(): string[] {
    return [...this.#keys].flatMap(([id, { values }]) => (values === null ? [id] : [])).sort();
  }
}

/** Whether any span of the trace, or its resource, has an attribute with that text. */
export function hasProperty({ nodes }: Trace, key: string, value: string): boolean {
  const text = value.slice(0, MAX_TEXT);
  return nodes.some(({ span }) =>
    [span.attributes, span.resource.attributes].some((attributes) => {
      const found = attributes.get(key);
      return found !== undefined && scalarText(found) === text;
    }),
  );
}

function finished({ property, all, selected, exemplars, high, low }: Growing): PropertyCounts {
  return { ...property, all, selected, exemplars, fingerprint: `${all}/${high}/${low}` };
}

function scalarText(value: AttributeValue): string | null {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  if (typeof value === 'object') return null;
  return String(value);
}

/** Spreads the bits of ids that were counted up (the finaliser of MurmurHash3), so that their XOR tells sets of traces apart. */
function mixed(bits: number): number {
  let hash = bits;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
