import { SEVERITIES, type Severity } from '../analysis/findings/finding.ts';
import { RULES } from '../analysis/findings/rules.ts';
import { parseQuantile } from '../analysis/nearest-rank.ts';
import {
  type Check,
  COMPARATORS,
  COUNTS,
  type Comparator,
  type Condition,
  type Count,
  FIELDS,
  type Field,
  LEVELS,
  type Level,
  type Limit,
  type Measure,
  QUALITIES,
  type Scope,
  unitOf,
} from './check.ts';
import { parseAmount, parseDurationText } from './parse-amount.ts';
import { parseScope } from './parse-scope.ts';
import { TextScanner } from './text-scanner.ts';

const PERCENTILE = /p\d+(?:\.\d+)?(?![\w-])|p\(\s*\d+(?:\.\d+)?\s*\)/y;
const WORD = /[A-Za-z_]\w*/y;
const ID = /[A-Za-z][\w.-]*(?=\s*=(?!=))/y;
const LEVEL = new RegExp(`(?:${LEVELS.join('|')})(?=\\s*:)`, 'y');
const RULE = /[a-z0-9*-]+/y;
const STATISTICS = ['min', 'max', 'avg', 'sum', 'stddev'] as const;
/** Spellings of other tools. */
const ALIASES: Readonly<Record<string, string>> = {
  mean: 'avg',
  med: 'p50',
  median: 'p50',
  error_rate: 'error_ratio',
};
const MEASURES = [
  ...STATISTICS,
  ...Object.keys(COUNTS),
  ...QUALITIES,
  ...Object.keys(ALIASES),
  'apdex',
  'findings',
  'new_findings',
  'none',
  'some',
  'every',
  'exactly',
  'at most',
  'p95',
];
const FINDING_NAMES = RULES.flatMap(({ advice }) => Object.keys(advice)).sort();
const CONDITION_FIELDS = ['duration', 'self', 'traceDuration', 'children'] as const;

/** What a configuration file adds to the expression. */
export interface CheckFacts {
  readonly id?: string | undefined;
  readonly level?: Level | undefined;
  readonly owner?: string | undefined;
  readonly why?: string | undefined;
}

/**
 * Reads a check, e.g. `p95[cart/GET *] < 200ms`, `warn: slow=p99 < 1s`, `none [web -> database:*]`. Throws a usage error that points
 * at what is wrong and names the nearest word that would not be. README's "Checks" is the language's documentation.
 */
export function parseCheck(expr: string, facts: CheckFacts = {}): Check {
  const scanner = new TextScanner(expr, 'check');
  const level = scanner.take(LEVEL);
  if (level !== null) scanner.expect(':');
  const id = scanner.take(ID);
  if (id !== null) scanner.expect('=');
  const body = parseBody(scanner);
  if (!scanner.isAtEnd()) scanner.fail('nothing is expected after this');
  return {
    id: facts.id ?? id ?? expr.trim(),
    expr: expr.trim(),
    level: facts.level ?? LEVELS.find((known) => known === level) ?? 'error',
    owner: facts.owner ?? null,
    why: facts.why ?? null,
    ...body,
  };
}

type Body = Pick<Check, 'measure' | 'scope' | 'comparator' | 'limit'>;

function parseBody(scanner: TextScanner): Body {
  return parseQuantified(scanner) ?? parseComparison(scanner);
}

const QUANTIFIER = /(?:none|some|every|exactly\s+\d+|at\s+most\s+\d+)(?=\s*[[{])/y;

function parseQuantified(scanner: TextScanner): Body | null {
  const text = scanner.take(QUANTIFIER);
  if (text === null) return null;
  const start = scanner.position;
  const scope = parseScope(scanner);
  if (scope === null) return scanner.fail('expected a scope like [service/name]', { at: start });
  const condition = scanner.takeOne([':']) === null ? null : parseCondition(scanner);
  const amount = Number(/\d+/.exec(text)?.[0] ?? 0);
  const [word = ''] = text.split(/\s/, 1);
  if (word === 'every') {
    if (condition === null) scanner.fail('expected ": " and what every span has to satisfy');
    const opposite = { ...condition, comparator: OPPOSITES[condition.comparator] };
    return counted(scope, opposite, '==', 0);
  }
  if (word === 'some') return counted(scope, condition, '>', 0);
  return counted(scope, condition, word === 'at' ? '<=' : '==', amount);
}

/** Every span satisfies it if none satisfies its opposite. */
const OPPOSITES: Readonly<Record<Comparator, Comparator>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '==': '!=',
  '!=': '==',
};

function counted(
  scope: Scope,
  condition: Condition | null,
  comparator: Comparator,
  value: number,
): Body {
  const measure = { kind: 'matches', condition } as const;
  return { measure, scope, comparator, limit: { kind: 'value', value } };
}

function parseCondition(scanner: TextScanner): Condition {
  scanner.skipBlanks();
  const at = scanner.position;
  const word = scanner.take(WORD) ?? '';
  const field = CONDITION_FIELDS.find((known) => known === word);
  if (field === undefined) return scanner.failUnknown('a field', word, CONDITION_FIELDS, at);
  const comparator = parseComparator(scanner);
  return { field, comparator, value: parseAmount(scanner, field === 'children' ? 'count' : 'ns') };
}

function parseComparison(scanner: TextScanner): Body {
  scanner.skipBlanks();
  const measure = parseMeasure(scanner);
  const scope = parseScope(scanner) ?? { kind: 'requests' };
  checkScope(scanner, measure, scope);
  const comparator = parseComparator(scanner);
  return { measure, scope, comparator, limit: parseLimit(scanner, measure, scope) };
}

/** Some measures are of the data as a whole, and a call has no self time. */
function checkScope(scanner: TextScanner, measure: Measure, scope: Scope): void {
  if (measure.kind === 'quality' && scope.kind !== 'requests')
    scanner.fail(`${measure.quality} is of all data and takes no scope`);
  if (measure.kind === 'findings' && (scope.kind === 'edge' || scope.kind === 'query'))
    scanner.fail('findings are scoped by [service] or [service/operation]');
  if (scope.kind !== 'edge') return;
  const isOfCalls =
    (measure.kind === 'statistic' && (measure.field === 'duration' || measure.field === 'calls')) ||
    (measure.kind === 'count' && measure.count !== 'critical_share') ||
    measure.kind === 'apdex';
  if (!isOfCalls) scanner.fail('this cannot be measured of the calls between two services');
}

function parseMeasure(scanner: TextScanner): Measure {
  const at = scanner.position;
  const percentile = scanner.take(PERCENTILE);
  if (percentile !== null) return statistic(scanner, percentile.replace(/[()\s]/g, ''), at);
  const typed = scanner.take(WORD) ?? '';
  const word = ALIASES[typed] ?? typed;
  if (word === 'p50' || STATISTICS.some((known) => known === word))
    return statistic(scanner, word, at);
  if (word === 'apdex') return parseApdex(scanner);
  if (word === 'findings' || word === 'new_findings')
    return parseFindings(scanner, word === 'new_findings');
  const quality = QUALITIES.find((known) => known === word);
  if (quality !== undefined) return { kind: 'quality', quality };
  const count = Object.keys(COUNTS).find((known): known is Count => known === word);
  if (count !== undefined) return { kind: 'count', count };
  return scanner.failUnknown('something that can be measured', typed, MEASURES, at);
}

function statistic(scanner: TextScanner, word: string, at: number): Measure {
  const field = parseField(scanner);
  const other = STATISTICS.find((known) => known === word);
  if (other !== undefined) return { kind: 'statistic', statistic: { kind: other }, field };
  try {
    parseQuantile(word);
  } catch {
    scanner.fail(`"${word}" is not a percentile`, { at, fix: 'p0 to p100, e.g. p99.9' });
  }
  return { kind: 'statistic', statistic: { kind: 'percentile', text: word }, field };
}

function parseField(scanner: TextScanner): Field {
  if (scanner.takeOne(['(']) === null) return 'duration';
  scanner.skipBlanks();
  const at = scanner.position;
  const word = scanner.take(WORD) ?? '';
  const field = FIELDS.find((known) => known === word);
  if (field === undefined) return scanner.failUnknown('a field', word, FIELDS, at);
  scanner.expect(')');
  return field;
}

function parseApdex(scanner: TextScanner): Measure {
  scanner.expect('(');
  const targetNs = parseDurationText(scanner);
  scanner.expect(')');
  return { kind: 'apdex', targetNs };
}

function parseFindings(scanner: TextScanner, isNew: boolean): Measure {
  scanner.expect('(');
  scanner.skipBlanks();
  const start = scanner.position;
  const rule = scanner.take(RULE) ?? scanner.fail('expected the name of a rule or *');
  if (!rule.includes('*') && !FINDING_NAMES.includes(rule))
    scanner.failUnknown('a rule', rule, FINDING_NAMES, start);
  let atLeast: Severity = 'info';
  if (scanner.takeOne(['>=']) !== null) {
    scanner.skipBlanks();
    const at = scanner.position;
    const word = scanner.take(WORD) ?? '';
    atLeast =
      SEVERITIES.find((known) => known === word) ??
      scanner.failUnknown('a severity', word, SEVERITIES, at);
  }
  scanner.expect(')');
  return { kind: 'findings', rule, atLeast, isNew };
}

function parseComparator(scanner: TextScanner): Comparator {
  const comparator = scanner.takeOne(COMPARATORS);
  return comparator ?? scanner.fail(`expected one of ${COMPARATORS.join(' ')}`);
}

/** Durations and failures by operation are what a baseline keeps: what would be skipped each time is not to look like a check. */
function checkBaseline(
  scanner: TextScanner,
  { measure, scope, at }: { readonly measure: Measure; readonly scope: Scope; readonly at: number },
): void {
  const fix = 'compare with a value, or check durations or error_ratio of [service/operation]';
  const isKept =
    (measure.kind === 'statistic' && measure.field === 'duration') ||
    (measure.kind === 'count' && measure.count === 'error_ratio');
  if (!isKept)
    scanner.fail('only durations and error_ratio can be compared with a baseline', { at, fix });
  if (scope.kind === 'edge')
    scanner.fail('calls between two services cannot be compared with a baseline', { at, fix });
  if (scope.kind === 'query')
    scanner.fail('what a query selects cannot be compared with a baseline', { at, fix });
}

function parseLimit(scanner: TextScanner, measure: Measure, scope: Scope): Limit {
  const unit = unitOf(measure);
  scanner.skipBlanks();
  const at = scanner.position;
  if (scanner.take(/baseline\b/y) === null)
    return { kind: 'value', value: parseAmount(scanner, unit) };
  checkBaseline(scanner, { measure, scope, at });
  if (scanner.takeOne(['*']) !== null) {
    const factor = scanner.take(/\d+(?:\.\d+)?/y) ?? scanner.fail('expected a number');
    return { kind: 'baseline', factor: Number(factor), addend: 0, isTested: false };
  }
  if (scanner.takeOne(['+']) === null)
    return { kind: 'baseline', factor: 1, addend: 0, isTested: true };
  const percent = scanner.take(/\d+(?:\.\d+)?\s*%/y);
  if (percent !== null) {
    const share = Number.parseFloat(percent) / 100;
    return unit === 'ratio'
      ? { kind: 'baseline', factor: 1, addend: share, isTested: true }
      : { kind: 'baseline', factor: 1 + share, addend: 0, isTested: true };
  }
  return { kind: 'baseline', factor: 1, addend: parseAmount(scanner, unit), isTested: true };
}
