import type { TraceId } from '../model/ids.ts';
import type { Trace } from '../model/trace.ts';
import { compareText } from './dependency-node.ts';
import { isMasked, secretKey, withoutSecrets } from './findings/secret-patterns.ts';
import { fisherExact } from './fisher-exact.ts';
import {
  PROPERTY_SOURCES,
  type PropertyCounts,
  TraceProperties,
  type TraceProperty,
} from './trace-properties.ts';

/** Which traces are set against all others. */
export interface TraceSelection {
  readonly name: string;
  /** Keys that only say in other words why a trace was selected; they are left out. */
  isConsequence?(key: string): boolean;
}

/** What the selected traces have in common that the rest has not, or the other way round. */
export interface SeparatingAttributes {
  readonly selection: string;
  readonly selected: number;
  readonly rest: number;
  /** Sets of traces with a property in common that were compared: what the chances are corrected for. */
  readonly tried: number;
  /** Keys with too many values to compare each, as `source key`. */
  readonly crowdedKeys: readonly string[];
  /** Only what is significant: largest difference of shares first, of equal ones the positive, then least chance, then by property. */
  readonly properties: readonly SeparatingProperty[];
}

export interface SeparatingProperty extends TraceProperty {
  /** Selected traces with it, and their share. */
  readonly selected: number;
  readonly selectedShare: number;
  /** Traces of the rest with it, and their share. */
  readonly rest: number;
  readonly restShare: number;
  /** selectedShare − restShare, −1 … 1. */
  readonly difference: number;
  /** Chance of such a difference if the property had nothing to do with it (Fisher's exact test, two-sided). */
  readonly chance: number;
  /** The same after Holm's correction for the number of sets tried: at most 0.05 here. */
  readonly correctedChance: number;
  /** Other properties of just these traces, in the order of preference, at most 20. */
  readonly sameTraces: readonly TraceProperty[];
  /** The selected trace with it that has the smallest id. */
  readonly exemplar: TraceId | null;
}

/** Collects traces; each must be added once and whole. The result does not depend on their order, short of the limit on keys. */
export interface SeparatingAttributesAccumulator {
  /** `selected` says of each selection whether it has the trace. */
  add(trace: Trace, selected: readonly boolean[]): void;
  /** Adds a trace to the selection at `index` that was added without it; after all have been added. */
  select(trace: Trace, index: number): void;
  /** Of the traces so far, for each selection. */
  result(): readonly SeparatingAttributes[];
}

const SIGNIFICANT = 0.05;
const MAX_SAME = 20;

/**
 * What separates selected traces from the rest: for every service, operation, attribute and value the shares of traces that have it
 * on both sides. A difference counts when it is unlikely to be chance even though many were tried: Fisher's exact test with Holm's
 * correction keeps the chance of any false alarm per selection at 5 %. Properties of the same traces are one try, and those too
 * rare or too common to become significant are none (Tarone's rule, which looks at nothing but how common they are). Among what
 * counts the difference of shares decides, because with many traces the least difference is significant.
 */
export function separatingAttributes(
  selections: readonly TraceSelection[],
): SeparatingAttributesAccumulator {
  const properties = new TraceProperties(selections.length);
  const sizes = selections.map(() => 0);
  let traces = 0;
  return {
    add(trace, selected) {
      traces += 1;
      for (const [i, isSelected] of selected.entries())
        sizes[i] = (sizes[i] ?? 0) + Number(isSelected);
      properties.add(trace, selected);
    },
    select(trace, index) {
      sizes[index] = (sizes[index] ?? 0) + 1;
      properties.select(trace, index);
    },
    result: () =>
      selections.map((selection, index) => {
        const selected = sizes[index] ?? 0;
        const sides = { index, selected, rest: traces - selected };
        const sets = distinctSets(properties, selection);
        return {
          selection: selection.name,
          selected,
          rest: sides.rest,
          crowdedKeys: properties.crowdedKeys(),
          ...compareSets(sets, sides),
        };
      }),
  };
}

/** The properties of just the same traces, best first. */
type SameTraces = readonly PropertyCounts[];

function distinctSets(properties: TraceProperties, selection: TraceSelection): SameTraces[] {
  const sets = new Map<string, PropertyCounts[]>();
  for (const property of properties.counts()) {
    const isAttribute = property.source === 'span' || property.source === 'resource';
    if (isAttribute && selection.isConsequence?.(property.key)) continue;
    const set = sets.get(property.fingerprint);
    if (set === undefined) sets.set(property.fingerprint, [property]);
    else set.push(property);
  }
  return Array.from(sets.values(), (set) => set.sort(compareProperties));
}

interface Sides {
  readonly index: number;
  readonly selected: number;
  readonly rest: number;
}

function compareSets(
  sets: readonly SameTraces[],
  sides: Sides,
): Pick<SeparatingAttributes, 'tried' | 'properties'> {
  const leastChance = leastChances(sides);
  const tried = sets
    .flatMap((set) =>
      leastChance(set[0]?.all ?? 0) <= SIGNIFICANT ? [separation(set, sides)] : [],
    )
    .filter((property) => property !== null)
    .sort((a, b) => a.chance - b.chance || compareProperties(a, b));
  const significant: SeparatingProperty[] = [];
  let corrected = 0;
  for (const [i, property] of tried.entries()) {
    corrected = Math.max(corrected, Math.min(1, property.chance * (tried.length - i)));
    if (corrected > SIGNIFICANT) break;
    significant.push({ ...property, correctedChance: corrected });
  }
  return { tried: tried.length, properties: significant.sort(byDifference(sides)) };
}

/** The least chance that any split of so many traces with a property can have. */
function leastChances({ selected, rest }: Sides): (all: number) => number {
  const known = new Map<number, number>();
  return (all) => {
    const before = known.get(all);
    if (before !== undefined) return before;
    const most = Math.min(all, selected);
    const fewest = Math.max(0, all - rest);
    const least = Math.min(
      ...[most, fewest].map((withLeft) =>
        fisherExact({ withLeft, left: selected, withRight: all - withLeft, right: rest }),
      ),
    );
    known.set(all, least);
    return least;
  };
}

function separation(
  [best, ...others]: SameTraces,
  sides: Sides,
): Omit<SeparatingProperty, 'correctedChance'> | null {
  if (best === undefined) return null;
  const selected = best.selected[sides.index] ?? 0;
  const rest = best.all - selected;
  const selectedShare = selected / sides.selected;
  const restShare = rest / sides.rest;
  return {
    ...nameOf(best),
    selected,
    selectedShare,
    rest,
    restShare,
    difference: selectedShare - restShare,
    chance: fisherExact({
      withLeft: selected,
      left: sides.selected,
      withRight: rest,
      right: sides.rest,
    }),
    sameTraces: others.slice(0, MAX_SAME).map(nameOf),
    exemplar: best.exemplars[sides.index] ?? null,
  };
}

/** A property as it is told: without the secrets that values of a dump may be. */
function nameOf({ source, key, value }: TraceProperty): TraceProperty {
  if (value === null) return { source, key, value };
  const isAttribute = source === 'span' || source === 'resource';
  const isSecret = isAttribute && secretKey(key) !== null && !isMasked(value);
  return { source, key, value: isSecret ? '…' : withoutSecrets(value) };
}

/** In whole numbers, so that a value and its opposite are equal; then what the selected traces have, before what they lack. */
function byDifference(sides: Sides) {
  const difference = ({ selected, rest }: SeparatingProperty) =>
    selected * sides.rest - rest * sides.selected;
  return (a: SeparatingProperty, b: SeparatingProperty): number =>
    Math.abs(difference(b)) - Math.abs(difference(a)) ||
    difference(b) - difference(a) ||
    a.chance - b.chance ||
    compareProperties(a, b);
}

/** Values before the mere presence of a key, then by source, key and value. */
function compareProperties(a: TraceProperty, b: TraceProperty): number {
  return (
    Number(a.value === null) - Number(b.value === null) ||
    PROPERTY_SOURCES.indexOf(a.source) - PROPERTY_SOURCES.indexOf(b.source) ||
    compareText(a.key, b.key) ||
    compareText(a.value ?? '', b.value ?? '')
  );
}
