import { STATUS_CODES } from '../model/span.ts';
import type { AttributeQuestion, Bits, SpanQuestion } from '../store/column-question.ts';
import { compareValues } from '../traceql/compare-values.ts';
import type { Formula } from '../traceql/formula.ts';
import type { Atom, Prefilter } from '../traceql/prefilter.ts';

/** A prefilter as what the store asks its columns. */
export interface ColumnQuestion {
  readonly question: SpanQuestion;
  /** Whether a trace whose spans answer these parts may be found. */
  readonly isCandidate: (parts: Bits) => boolean;
}

/** More atoms and parts than a number has bits count as holding: their traces are read. */
const MOST_BITS = 31;

/** The question that `prefilter` puts to every span; null when it leaves nothing out. */
export function spanQuestion({ atoms, parts, trace }: Prefilter): ColumnQuestion | null {
  if (trace.formula === 'true') return null;
  const bitOf = (index: number) => (index < MOST_BITS ? 1 << index : 0);
  const numbered = atoms.map((atom, index) => ({ atom, bit: bitOf(index) }));
  const matched = compileAll(parts.map((part) => compile(part)));
  return {
    question: {
      always: bitsWhere(numbered, ({ atom }) => !isSearchable(atom)),
      ofOperation: (operation) =>
        bitsWhere(numbered, ({ atom }) => holdsForOperation(atom, operation)),
      ofStatus: STATUS_CODES.map((code) =>
        bitsWhere(numbered, ({ atom }) => atom.atom === 'status' && atom.codes.includes(code)),
      ),
      groupBits: bitsWhere(
        numbered,
        ({ atom }) => atom.atom !== 'duration' && atom.atom !== 'attribute',
      ),
      ofDuration: compileDurations(numbered),
      durationBits: bitsWhere(numbered, ({ atom }) => atom.atom === 'duration'),
      ofDurations: (minNs, maxNs) =>
        bitsWhere(numbered, ({ atom }) => atom.atom === 'duration' && mayHold(atom, minNs, maxNs)),
      ofResource: (attributes) =>
        bitsWhere(numbered, ({ atom }) => {
          if (atom.atom !== 'attribute' || atom.scope === 'span') return false;
          const value = attributes.get(atom.name);
          return value !== undefined && atom.holds(value);
        }),
      ofAttributes: numbered.flatMap(({ atom, bit }) => attributeQuestion(atom, bit)),
      parts: matched,
    },
    isCandidate: compile(trace),
  };
}

interface Numbered {
  readonly atom: Atom;
  readonly bit: Bits;
}

function bitsWhere(atoms: readonly Numbered[], holds: (numbered: Numbered) => boolean): Bits {
  let bits = 0;
  for (const numbered of atoms) if (holds(numbered)) bits |= numbered.bit;
  return bits;
}

function holdsForOperation(
  atom: Atom,
  { service, name, kind }: { service: string; name: string; kind: string },
): boolean {
  switch (atom.atom) {
    case 'name':
      return atom.matches(name);
    case 'service':
      return atom.matches(service);
    case 'kind':
      return atom.kinds.some((one) => one === kind);
    case 'status':
    case 'duration':
    case 'attribute':
      return false;
  }
}

function compileDurations(atoms: readonly Numbered[]): (durationNs: number) => Bits {
  const tests = atoms.flatMap(({ atom, bit }) => (atom.atom === 'duration' ? [{ atom, bit }] : []));
  if (tests.length === 0) return () => 0;
  return (durationNs) => {
    let bits = 0;
    for (const { atom, bit } of tests) {
      if (compareValues(atom.operator, durationNs, atom.limitNs)) bits |= bit;
    }
    return bits;
  };
}

type DurationAtom = Atom & { readonly atom: 'duration' };

/** Whether some duration from `minNs` to `maxNs` will do. */
function mayHold({ operator, limitNs }: DurationAtom, minNs: number, maxNs: number): boolean {
  const atEnds = compareValues(operator, minNs, limitNs) || compareValues(operator, maxNs, limitNs);
  return atEnds || (operator === '=' && minNs < limitNs && limitNs < maxNs);
}

/** Text that stands in the store as it is written between quotes. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function attributeQuestion(atom: Atom, bit: Bits): AttributeQuestion[] {
  if (atom.atom !== 'attribute' || atom.scope === 'resource' || !isSearchable(atom)) return [];
  const { name, equals, holds } = atom;
  const isPlain = equals !== null && PLAIN.test(equals);
  return [{ bit, name, stored: isPlain ? [JSON.stringify(equals)] : null, holds }];
}

/** Names with signs that JSON escapes are not looked for in texts. */
function isSearchable(atom: Atom): boolean {
  return atom.atom !== 'attribute' || PLAIN.test(atom.name);
}

type Test = (bits: Bits) => boolean;

/** A formula as a function of the bits that hold; atoms beyond the last bit always do. */
function compile(formula: Formula): Test {
  switch (formula.formula) {
    case 'true':
      return () => true;
    case 'false':
      return () => false;
    case 'atom': {
      if (formula.atom >= MOST_BITS) return () => true;
      const bit = 1 << formula.atom;
      return (bits) => (bits & bit) !== 0;
    }
    case 'and': {
      const tests = formula.parts.map(compile);
      return (bits) => tests.every((test) => test(bits));
    }
    case 'or': {
      const tests = formula.parts.map(compile);
      return (bits) => tests.some((test) => test(bits));
    }
  }
}

/** Answers for all parts at once, remembered: few combinations of bits occur. */
function compileAll(tests: readonly Test[]): (bits: Bits) => Bits {
  const known = new Map<Bits, Bits>();
  let lastBits = 0;
  let lastParts: Bits | undefined;
  return (bits) => {
    if (bits === lastBits && lastParts !== undefined) return lastParts;
    let parts = known.get(bits);
    if (parts === undefined) {
      parts = 0;
      for (const [index, test] of tests.entries()) {
        if (index < MOST_BITS && test(bits)) parts |= 1 << index;
      }
      known.set(bits, parts);
    }
    lastBits = bits;
    lastParts = parts;
    return parts;
  };
}
