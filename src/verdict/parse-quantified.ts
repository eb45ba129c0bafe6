import type { Check, Comparator, Condition, Scope, Term } from './check.ts';
import { parseAmount } from './parse-amount.ts';
import { parseComparator } from './parse-comparator.ts';
import { parseScope } from './parse-scope.ts';
import type { TextScanner } from './text-scanner.ts';

/** A check without its name and level. */
export type CheckBody = Pick<Check, 'measure' | 'scope' | 'comparator' | 'limit'>;

const QUANTIFIER = /(?:none|some|every|exactly\s+\d+|at\s+most\s+\d+)(?=\s*(?:[[{]|trace\s*\|))/y;
const TRACE = /trace\s*\|/y;
const FIELDS = ['duration', 'self', 'traceDuration', 'children'] as const;
/** These are no words of TraceQL, so that they cannot stand in what is left to it. */
const OWN_FIELDS = /(?:^|[^\w.:])(?:self|children)\s*(?:[<>]|[=!]=)/;
const OWN_TERM = new RegExp(`(?:${FIELDS.join('|')})\\s*(?:[<>]=?|[=!]==?)`, 'y');

/**
 * Reads `none [web -> database:*]`, `every [cart] : duration < 1s && status != error`, `every trace | { … } | count() <= 10`; null for
 * anything else.
 */
export function parseQuantified(scanner: TextScanner): CheckBody | null {
  const text = scanner.take(QUANTIFIER);
  if (text === null) return null;
  const [word = ''] = text.split(/\s/, 1);
  const counts = COUNTED[word] ?? 'perhaps';
  const { scope, terms } =
    scanner.take(TRACE) === null ? parseOfSpans(scanner) : parseOfTraces(scanner);
  if (word === 'every' && terms === null)
    scanner.fail('expected ": " and what every span has to satisfy');
  return {
    measure: { kind: 'matches', condition: terms && { terms, counts } },
    scope,
    ...limitOf(word, Number(/\d+/.exec(text)?.[0] ?? 0)),
  };
}

const COUNTED: Readonly<Record<string, Condition['counts']>> = {
  some: 'satisfied',
  every: 'unsatisfied',
};

function limitOf(word: string, amount: number): Pick<CheckBody, 'comparator' | 'limit'> {
  const comparators: Readonly<Record<string, Comparator>> = { some: '>', at: '<=' };
  return { comparator: comparators[word] ?? '==', limit: { kind: 'value', value: amount } };
}

interface Quantified {
  readonly scope: Scope;
  readonly terms: readonly Term[] | null;
}

/** Everything that follows is TraceQL. */
function parseOfTraces(scanner: TextScanner): Quantified {
  const text = scanner.text.slice(scanner.position).trim();
  if (text === '') scanner.fail('expected a pipeline like { kind = client } | count() <= 10');
  scanner.position = scanner.text.length;
  return { scope: { kind: 'traces' }, terms: [{ kind: 'pipeline', text }] };
}

function parseOfSpans(scanner: TextScanner): Quantified {
  const start = scanner.position;
  const scope =
    parseScope(scanner) ?? scanner.fail('expected a scope like [service/name]', { at: start });
  if (scanner.takeOne([':']) === null) return { scope, terms: null };
  return { scope, terms: parseCondition(scanner, scope) };
}

/** Terms between `&&`: an amount of the span, or anything that TraceQL says about one. */
function parseCondition(scanner: TextScanner, scope: Scope): Term[] {
  if (positionOf(scanner, '||') !== scanner.text.length)
    return [takeQuery(scanner, scope, scanner.text.length)];
  const terms: Term[] = [];
  do terms.push(parseAmountTerm(scanner) ?? takeQuery(scanner, scope, positionOf(scanner, '&&')));
  while (scanner.takeOne(['&&']) !== null);
  return terms;
}

function parseAmountTerm(scanner: TextScanner): Term | null {
  const start = scanner.position;
  const head = scanner.take(OWN_TERM);
  if (head === null) return null;
  const at = scanner.position - head.length;
  const field = FIELDS.find((known) => head.startsWith(known));
  if (field === undefined) return null;
  scanner.position = at + field.length;
  const comparator = parseComparator(scanner);
  const value = parseAmount(scanner, field === 'children' ? 'count' : 'ns');
  const isWhole = scanner.isAtEnd() || scanner.text.startsWith('&&', scanner.position);
  if (isWhole) return { kind: 'amount', field, comparator, value };
  // It goes on, as in `duration < traceDuration / 2`: that is TraceQL's.
  scanner.position = start;
  return null;
}

/** What stands before `end`, as a selection. */
function takeQuery(scanner: TextScanner, scope: Scope, end: number): Term {
  scanner.skipBlanks();
  const at = scanner.position;
  const text = scanner.text.slice(at, end).trim();
  if (!/[<>=!~(.:]/.test(text)) {
    const [word = ''] = /^\w*/.exec(text) ?? [];
    scanner.failUnknown('a field', word, FIELDS, at);
  }
  if (OWN_FIELDS.test(text))
    scanner.fail('self and children are joined with other terms by && alone', { at });
  if (scope.kind === 'edge')
    scanner.fail('of the calls between two services only the duration is known', { at });
  scanner.position = end;
  return { kind: 'query', text: `{ ${text} }` };
}

/** Where an operator stands next, outside of quotes, parentheses and braces; the end of the text where it does not. */
function positionOf({ text, position }: TextScanner, operator: string): number {
  const part = /"(?:[^"\\]|\\.)*"|`[^`]*`|[(){}]|&&|\|\|/g;
  let depth = 0;
  for (const { 0: found, index } of text.slice(position).matchAll(part)) {
    if (found === '(' || found === '{') depth++;
    else if (found === ')' || found === '}') depth--;
    else if (found === operator && depth === 0) return position + index;
  }
  return text.length;
}
