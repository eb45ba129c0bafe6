import { describe, expect } from 'vitest';
import { durationText } from '../../src/traceql/duration-text.ts';
import type { NamedValue, TraceMatch } from '../../src/traceql/spansets.ts';
import { singleValue, valueText } from '../../src/traceql/value.ts';
import { corpusTest } from '../helpers/corpus.ts';
import { findIn, fixtureTraces, readCases } from '../helpers/traceql-cases.ts';

interface WireValue {
  readonly string?: string;
  readonly int?: string;
  readonly double?: number;
}

interface ExpectedSpanset {
  readonly spans: readonly string[];
  readonly attributes?: Readonly<Record<string, WireValue>>;
  readonly selected?: Readonly<Record<string, Readonly<Record<string, WireValue>>>>;
}

interface Case {
  readonly query: string;
  readonly expect: { readonly traces: Readonly<Record<string, readonly ExpectedSpanset[]>> };
}

interface MessyCase {
  readonly query: string;
  readonly expect_ids?: readonly string[];
  readonly tempo: Case['expect'];
}

interface Cases {
  readonly queries: readonly Case[];
  readonly messy: { readonly queries: readonly MessyCase[] };
  readonly extra: { readonly queries: readonly { query: string; match: boolean }[] };
}

const casesOf = () => readCases<Cases>('traceql_semantics.json');

/** Spans and values of every set, in a form that both sides have; sets in order of their spans. */
function expectedSets({ traces }: Case['expect']) {
  return Object.fromEntries(
    Object.entries(traces).map(([id, sets]) => [
      id,
      sets
        .map(({ spans, attributes = {} }) => ({
          spans: [...spans].sort(),
          values: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name, wireText(value)]),
          ),
        }))
        .sort((a, b) => (a.spans.join() < b.spans.join() ? -1 : 1)),
    ]),
  );
}

function foundSets(matches: readonly TraceMatch[]) {
  return Object.fromEntries(
    matches.map(({ trace, spansets }) => [
      trace.traceId,
      spansets
        .map(({ nodes, values }) => ({
          spans: nodes.map(({ span }) => String(span.spanId)).sort(),
          values: Object.fromEntries(values.map((value) => [value.name, textOf(value)])),
        }))
        .sort((a, b) => (a.spans.join() < b.spans.join() ? -1 : 1)),
    ]),
  );
}

/** Go writes durations of minutes and more with every smaller unit. */
const GO_DURATIONS: Readonly<Record<string, string>> = { '2h0m0s': durationText(7200e9) };

function wireText({ string, int, double }: WireValue): string {
  return GO_DURATIONS[string ?? ''] ?? string ?? int ?? String(double);
}

function textOf({ value, isDuration }: NamedValue): string {
  return valueText(value, isDuration);
}

describe("the same spans as Tempo's own engine", () => {
  corpusTest('in traces with every type of attribute', () => {
    const traces = fixtureTraces('traceql_fixture.otlp.json');
    for (const { query, expect: expected } of casesOf().queries) {
      expect(foundSets(findIn(traces, query)), query).toEqual(expectedSets(expected));
    }
  });

  corpusTest('with the attributes that were selected', () => {
    const traces = fixtureTraces('traceql_fixture.otlp.json');
    const cases = casesOf().queries.flatMap(({ query, expect: expected }) => {
      const sets = Object.values(expected.traces).flat();
      const selected = Object.assign({}, ...sets.map((set) => set.selected ?? {}));
      return Object.keys(selected).length > 0 ? [{ query, selected }] : [];
    });
    for (const { query, selected } of cases) {
      expect(selectedOf(findIn(traces, query)), query).toEqual(wiredSelection(selected));
    }
    expect(cases.length).toBeGreaterThan(2);
  });

  corpusTest('in traces with orphans, two roots and shared ids', () => {
    const traces = fixtureTraces('traceql_fixture_messy.otlp.json');
    for (const { query, expect_ids, tempo } of casesOf().messy.queries) {
      const wanted =
        expect_ids ??
        Object.values(tempo.traces).flatMap((sets) => sets.flatMap(({ spans }) => spans));
      expect(messyIds(findIn(traces, query)), query).toEqual(
        wanted.map((id) => id.replace(/^0+/, '').replace(/s$|#\d$/, '')).sort(),
      );
    }
  });

  corpusTest('for odd values', () => {
    const traces = fixtureTraces('traceql_fixture_extra.otlp.json');
    for (const { query, match } of casesOf().extra.queries) {
      expect(findIn(traces, query).length > 0, query).toBe(match);
    }
  });
});

/** Tempo adds the name and the status of every span, asked or not: they are left out on both sides. */
const ALWAYS_THERE = ['name', 'status'];

function wiredSelection(selected: NonNullable<ExpectedSpanset['selected']>) {
  return Object.fromEntries(
    Object.entries(selected).map(([id, values]) => [
      id,
      Object.fromEntries(
        Object.entries(values)
          .filter(([name]) => !ALWAYS_THERE.includes(name))
          .map(([name, value]) => [name, wireText(value)]),
      ),
    ]),
  );
}

function selectedOf(matches: readonly TraceMatch[]) {
  return Object.fromEntries(
    matches.flatMap(({ spansets, selected }) =>
      spansets.flatMap(({ nodes }) =>
        nodes.map((node) => [
          node.span.spanId,
          Object.fromEntries(
            selected(node)
              .filter(({ value }) => singleValue(value) !== undefined)
              .map((value) => [value.name.replace(/^\w*\./, ''), textOf(value)])
              .filter(([name = '']) => !ALWAYS_THERE.includes(name)),
          ),
        ]),
      ),
    ),
  );
}

/** Server halves have an id of their own; the cases know them by the one they shared. */
function messyIds(matches: readonly TraceMatch[]): string[] {
  return matches
    .flatMap(({ spansets }) => spansets.flatMap(({ nodes }) => nodes))
    .map(({ span }) => (span.origin.spanIdRaw ?? span.spanId).replace(/^0+/, ''))
    .sort();
}
