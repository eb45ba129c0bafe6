import { fisherExact } from '../analysis/fisher-exact.ts';
import type { Attributes } from '../model/attributes.ts';
import type { TraceNode } from '../model/trace.ts';
import { compileField, isTrue } from './compile-field.ts';
import { attributeName } from './print-query.ts';
import type { IntrinsicName, Measure } from './query.ts';
import { readIntrinsic } from './read-field.ts';
import type { TraceFacts } from './trace-facts.ts';
import { isList, type Value, valueText } from './value.ts';

type CompareMeasure = Extract<Measure, { measure: 'compare' }>;

/** One value of an attribute, on both sides. */
export interface ComparedValue {
  readonly value: string;
  readonly selection: number;
  readonly baseline: number;
  /** |share of the selection − share of the baseline|, 0–1. */
  readonly score: number;
  /** Fisher's exact test: how likely so different shares are by chance. */
  readonly p: number;
}

/** One attribute, with its most frequent values of either side. */
export interface ComparedAttribute {
  /** As TraceQL writes it. */
  readonly name: string;
  /** Spans that have it. */
  readonly selectionTotal: number;
  readonly baselineTotal: number;
  /** By score, largest first, then by value. */
  readonly values: readonly ComparedValue[];
}

/** How selected spans differ from the others. */
export interface SpanComparison {
  readonly selectionSpans: number;
  readonly baselineSpans: number;
  /** By the largest score of a value, then by name. */
  readonly attributes: readonly ComparedAttribute[];
}

/** Gathers both sides. */
export interface ComparisonMeasure {
  readonly add: (node: TraceNode, facts: TraceFacts) => void;
  readonly result: () => SpanComparison;
}

/** What is compared of every span besides its own attributes and those of its resource. */
const COMPARED: readonly IntrinsicName[] = [
  'name',
  'kind',
  'status',
  'statusMessage',
  'rootName',
  'rootServiceName',
  'span:childCount',
  'instrumentation:name',
  'instrumentation:version',
];

/**
 * Different values of an attribute that are told apart while spans are read; what comes later only counts as having the attribute.
 * Ids, which differ in every span, would else fill the memory and say nothing.
 */
const MOST_VALUES = 10_000;

/** Compares the spans that satisfy the selection, within its window if it has one, with all others that are added. */
export function compareSpans({ selection, top, window }: CompareMeasure): ComparisonMeasure {
  const condition = compileField(selection);
  const table = new ValueTable();
  const isSelected = (node: TraceNode, facts: TraceFacts) => {
    const start = node.span.startUnixNano;
    const isWithin = window === null || (start >= window.startNs && start < window.endNs);
    return isWithin && isTrue(condition(node, facts));
  };
  return {
    add: (node, facts) => {
      const side = isSelected(node, facts) ? 0 : 1;
      table.count(side);
      for (const name of COMPARED) table.add(side, name, readIntrinsic(name)(node, facts));
      addAll(table, side, 'span', node.span.attributes);
      addAll(table, side, 'resource', node.span.resource.attributes);
    },
    result: () => table.result(top),
  };
}

function addAll(table: ValueTable, side: Side, scope: string, attributes: Attributes): void {
  for (const [name, value] of attributes) table.add(side, `${scope}.${attributeName(name)}`, value);
}

type Side = 0 | 1;
type Pair = [selection: number, baseline: number];

class ValueTable {
  readonly #spans: Pair = [0, 0];
  readonly #attributes = new Map<string, { total: Pair; values: Map<string, Pair> }>();

  count(side: Side): void {
    this.#spans[side]++;
  }

  add(side: Side, name: string, value: Value): void {
    if (value === undefined) return;
    let attribute = this.#attributes.get(name);
    if (attribute === undefined) {
      attribute = { total: [0, 0], values: new Map() };
      this.#attributes.set(name, attribute);
    }
    attribute.total[side]++;
    for (const one of isList(value) ? value : [value]) {
      const text = valueText(one, false);
      const pair = attribute.values.get(text);
      if (pair) pair[side]++;
      else if (attribute.values.size < MOST_VALUES) {
        attribute.values.set(text, side === 0 ? [1, 0] : [0, 1]);
      }
    }
  }

  result(top: number): SpanComparison {
    const [left, right] = this.#spans;
    const attributes = Array.from(this.#attributes, ([name, { total, values }]) => ({
      name,
      selectionTotal: total[0],
      baselineTotal: total[1],
      values: mostFrequent(values, top).map(([value, [withLeft, withRight]]) => ({
        value,
        selection: withLeft,
        baseline: withRight,
        score: Math.abs(share(withLeft, left) - share(withRight, right)),
        p: fisherExact({ withLeft, left, withRight, right }),
      })),
    }));
    for (const { values } of attributes)
      values.sort((a, b) => b.score - a.score || byText(a.value, b.value));
    const score = ({ values }: ComparedAttribute) => values[0]?.score ?? 0;
    attributes.sort((a, b) => score(b) - score(a) || byText(a.name, b.name));
    return { selectionSpans: left, baselineSpans: right, attributes };
  }
}

/** The `top` most frequent values of each side. */
function mostFrequent(values: ReadonlyMap<string, Pair>, top: number): [string, Pair][] {
  const entries = Array.from(values);
  const chosen = new Map<string, Pair>();
  for (const side of [0, 1] as const) {
    const ranked = entries
      .filter(([, pair]) => pair[side] > 0)
      .sort(([a, x], [b, y]) => y[side] - x[side] || byText(a, b));
    for (const [value, pair] of ranked.slice(0, top)) chosen.set(value, pair);
  }
  return Array.from(chosen);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
