import type { Attributes, AttributeValue } from '../model/attributes.ts';
import type { TraceId } from '../model/ids.ts';
import { type AttributeShape, shapedAttributes } from '../model/shaped-attributes.ts';
import type { Resource } from '../model/span.ts';
import type { SpanTree } from '../model/span-tree.ts';
import type { SpanVocabulary } from '../model/span-vocabulary.ts';
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
  /** Number of the pass over a trace that counted last. */
  lastPass: number;
}

interface KeyCounts {
  readonly source: PropertySource;
  readonly key: string;
  readonly present: Growing;
  /** Null when there are too many. */
  values: Map<string, Growing> | null;
  /** The same for values that are no texts, as they are. */
  numbers: Map<number | bigint | boolean, Growing> | null;
}

/** The trace that is being looked at. */
interface CurrentTrace {
  readonly id: TraceId;
  readonly high: number;
  readonly low: number;
  readonly selected: readonly number[];
  /** Whether it is looked at for the first time, and not only selected later. */
  readonly isNew: boolean;
}

/**
 * Counts in how many traces, selected and in all, each property occurs: services, operations, and attributes of spans and resources
 * that are texts, numbers or truth values. Bounded: a key with more than 1,000 values keeps none of them, whatever came first, and
 * after 1,000 keys new ones are ignored.
 */
export class TraceProperties {
  readonly #keys = new Map<string, KeyCounts>();
  /** By the number of a shape: what its keys are in the attributes of spans; null for those that are not counted. */
  readonly #shapes: (readonly (KeyCounts | null)[])[] = [];
  readonly #operations = new Map<string, KeyCounts | null>();
  readonly #services: KeyCounts;
  readonly #selections: number;
  #vocabulary: SpanVocabulary | null = null;
  /** By operation of the vocabulary: the pass that counted it last. */
  #countedIn: number[] = [];
  #pass = 0;
  #trace: CurrentTrace | null = null;

  /** `selections`: how many there are. */
  constructor(selections: number) {
    this.#selections = selections;
    this.#services = this.#freshKey('service', 'service.name');
  }

  /** Each trace once; `selected` says of each selection whether it has the trace. */
  add(trace: Trace, selected: readonly boolean[]): void {
    const indexes = selected.flatMap((isSelected, index) => (isSelected ? [index] : []));
    this.#look(trace, indexes, true);
  }

  /** Selects a trace that was added before, in addition. All traces must have been added by then. */
  select(trace: Trace, selection: number): void {
    this.#look(trace, [selection], false);
  }

  #look(trace: Trace, selected: readonly number[], isNew: boolean): void {
    const id = trace.traceId;
    const high = Number.parseInt(id.slice(0, 8), 16) ^ Number.parseInt(id.slice(16, 24), 16);
    const low = Number.parseInt(id.slice(8, 16), 16) ^ Number.parseInt(id.slice(24), 16);
    const mixedLow = mixed(low ^ Math.imul(high, 0x9e3779b9));
    this.#pass += 1;
    this.#trace = { id, high: mixed(high), low: mixedLow, selected, isNew };
    this.#countOperations(trace.tree);
    const resources = new Set<Resource>();
    for (const { span } of trace.nodes) {
      this.#countSpan(span.attributes);
      if (resources.has(span.resource)) continue;
      resources.add(span.resource);
      this.#countResource(span.resource.attributes);
    }
  }

  #countOperations({ size, operation, vocabulary }: SpanTree): void {
    if (vocabulary !== this.#vocabulary) {
      this.#vocabulary = vocabulary;
      this.#countedIn = [];
    }
    for (let span = 0; span < size; span++) {
      const number = operation[span] ?? -1;
      if (this.#countedIn[number] === this.#pass) continue;
      this.#countedIn[number] = this.#pass;
      const service = vocabulary.serviceOf(number);
      this.#countValue(this.#services, service);
      const operations = this.#operationsOf(service);
      const name = vocabulary.operations[number]?.name ?? '';
      if (operations !== null) this.#countValue(operations, name);
    }
  }

  #operationsOf(service: string): KeyCounts | null {
    let counts = this.#operations.get(service);
    if (counts === undefined) {
      counts = this.#keyOf('operation', service);
      if (counts !== null) this.#operations.set(service, counts);
    }
    return counts;
  }

  #countSpan(attributes: Attributes): void {
    const shaped = shapedAttributes(attributes);
    const { shape } = shaped;
    const keys = this.#shapes[shape.number] ?? this.#keysOf(shape, shaped.list);
    for (let i = 0; i < keys.length; i++) {
      const counts = keys[i] ?? null;
      // Of a crowded key that was counted in this trace there is nothing left to count, and nothing to decode.
      if (counts === null || (counts.values === null && counts.present.lastPass === this.#pass)) {
        continue;
      }
      const value = shaped.valueAt(i);
      if (typeof value !== 'object') this.#countRaw(counts, value);
    }
  }

  /** Remembers which value a number has as a text, which costs more than looking it up. */
  #countRaw(counts: KeyCounts, value: string | number | bigint | boolean): void {
    const known = typeof value === 'string' ? undefined : counts.numbers?.get(value);
    if (known !== undefined) {
      this.#hit(counts.present);
      this.#hit(known);
      return;
    }
    const text = textOf(value);
    this.#countValue(counts, text);
    const growing = counts.values?.get(text);
    if (typeof value !== 'string' && growing !== undefined) counts.numbers?.set(value, growing);
  }

  /** Keys count from their first scalar value on, so that what a shape's keys are is only known once each has had one. */
  #keysOf(shape: AttributeShape, list: readonly AttributeValue[]): readonly (KeyCounts | null)[] {
    const keys = shape.keys.map((key, i) =>
      typeof list[i] === 'object' || key === 'service.name' ? null : this.#keyOf('span', key),
    );
    const isFinal = list.every((value) => typeof value !== 'object');
    if (shape.number !== -1 && isFinal) this.#shapes[shape.number] = keys;
    return keys;
  }

  #countResource(attributes: Attributes): void {
    attributes.forEach((value, key) => {
      if (typeof value === 'object' || key === 'service.name') return;
      const counts = this.#keyOf('resource', key);
      if (counts !== null) this.#countValue(counts, textOf(value));
    });
  }

  #countValue(counts: KeyCounts, value: string): void {
    this.#hit(counts.present);
    const { values } = counts;
    if (values === null) return;
    let growing = values.get(value);
    if (growing === undefined) {
      if (this.#trace?.isNew !== true) return;
      if (values.size === MAX_VALUES) {
        counts.values = null;
        counts.numbers = null;
        return;
      }
      growing = this.#fresh({ source: counts.source, key: counts.key, value });
      values.set(value, growing);
    }
    this.#hit(growing);
  }

  #keyOf(source: PropertySource, key: string): KeyCounts | null {
    const id = `${source} ${key}`;
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    if (this.#keys.size === MAX_KEYS || this.#trace?.isNew !== true) return null;
    return this.#freshKey(source, key);
  }

  #freshKey(source: PropertySource, key: string): KeyCounts {
    const present = this.#fresh({ source, key, value: null });
    const counts: KeyCounts = { source, key, present, values: new Map(), numbers: new Map() };
    this.#keys.set(`${source} ${key}`, counts);
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
      lastPass: 0,
    };
  }

  #hit(growing: Growing): void {
    if (growing.lastPass === this.#pass || this.#trace === null) return;
    growing.lastPass = this.#pass;
    const { id, high, low, selected, isNew } = this.#trace;
    if (isNew) {
      growing.all += 1;
      growing.high ^= high;
      growing.low ^= low;
    }
    for (const i of selected) {
      growing.selected[i] = (growing.selected[i] ?? 0) + 1;
      const best = growing.exemplars[i] ?? null;
      if (best === null || id < best) growing.exemplars[i] = id;
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
      return found !== undefined && typeof found !== 'object' && textOf(found) === text;
    }),
  );
}

function finished({ property, all, selected, exemplars, high, low }: Growing): PropertyCounts {
  return { ...property, all, selected, exemplars, fingerprint: `${all}/${high}/${low}` };
}

function textOf(value: string | number | bigint | boolean): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : String(value);
}

/** Spreads the bits of ids that were counted up (the finaliser of MurmurHash3), so that their XOR tells sets of traces apart. */
function mixed(bits: number): number {
  let hash = bits;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
