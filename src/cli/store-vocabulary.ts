import type { Attributes, AttributeValue } from '../model/attributes.ts';
import type { Span } from '../model/span.ts';
import { operationNames, sampleTraces, serviceNames } from '../store/known-names.ts';
import type { Store } from '../store/open-store.ts';
import type { AttributeScope } from '../traceql/query.ts';
import type { KnownAttribute, Vocabulary } from '../traceql/vocabulary.ts';

/** Traces that are looked at for attributes and their values. */
const SAMPLED_TRACES = 300;
/** Spans of a trace that are looked at: huge ones must not take all the time. */
const SPANS_OF_TRACE = 200;
/** Values kept of an attribute, and how long they may be. */
const MOST_VALUES = 100;
const LONGEST_VALUE = 100;

type Scope = KnownAttribute['scope'];
type Known = Map<Scope, Map<string, Map<string | number | boolean, number>>>;

/** Names and values of a store: all services and operations, and the attributes of a sample of its traces, the most frequent first. */
export function storeVocabulary(store: Store): Vocabulary {
  const services = once(() => serviceNames(store));
  const operations = once(() => operationNames(store));
  const known = once(() => attributesOf(store));
  return {
    services,
    operations,
    attributes: () =>
      Array.from(known(), ([scope, names]) =>
        Array.from(names.keys(), (name) => ({ scope, name })),
      ).flat(),
    values: (scope, name) => valuesOf(known(), scope, name),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function valuesOf(known: Known, scope: AttributeScope, name: string) {
  const scopes: readonly Scope[] = scope === 'any' ? ['span', 'resource'] : [scope];
  const counts = new Map<string | number | boolean, number>();
  for (const one of scopes) {
    for (const [value, count] of known.get(one)?.get(name) ?? []) {
      counts.set(value, (counts.get(value) ?? 0) + count);
    }
  }
  return Array.from(counts)
    .sort(([a, x], [b, y]) => y - x || (String(a) < String(b) ? -1 : 1))
    .map(([value]) => value);
}

function attributesOf(store: Store): Known {
  const known: Known = new Map();
  for (const spans of sampleTraces(store, SAMPLED_TRACES)) {
    for (const span of spans.slice(0, SPANS_OF_TRACE)) addSpan(known, span);
  }
  return known;
}

function addSpan(known: Known, { attributes, resource, scope, events, links }: Span): void {
  addAll(known, 'span', attributes);
  addAll(known, 'resource', resource.attributes);
  for (const event of events) addAll(known, 'event', event.attributes);
  for (const link of links) addAll(known, 'link', link.attributes);
  addAll(known, 'instrumentation', scope.attributes);
}

function addAll(known: Known, scope: Scope, attributes: Attributes): void {
  if (attributes.size === 0) return;
  const names = known.get(scope) ?? new Map<string, Map<string | number | boolean, number>>();
  known.set(scope, names);
  for (const [name, value] of attributes) {
    const values = names.get(name) ?? new Map<string | number | boolean, number>();
    names.set(name, values);
    const plain = plainValue(value);
    if (plain === null || (values.size >= MOST_VALUES && !values.has(plain))) continue;
    values.set(plain, (values.get(plain) ?? 0) + 1);
  }
}

function plainValue(value: AttributeValue): string | number | boolean | null {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : null;
  if (typeof value === 'string') return value.length <= LONGEST_VALUE ? value : null;
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
