import { SEVERITIES, type Severity } from '../analysis/findings/finding.ts';
import { RULES } from '../analysis/findings/rules.ts';
import { parseQuantile } from '../analysis/nearest-rank.ts';
import {
  type Check,
  COUNTS,
  type Count,
  FIELDS,
  type Field,
  LEVELS,
  type Level,
  type Limit,
  type Measure,
  type NumberAttribute,
  QUALITIES,
  type Scope,
  unitOf,
} from './check.ts';
import { parseAmount, parseDurationText } from './parse-amount.ts';
import { parseComparator } from './parse-comparator.ts';
import { type CheckBody, parseQuantified } from './parse-quantified.ts';
import { parseScope } from './parse-scope.ts';
import { TextScanner } from './text-scanner.ts';

const PERCENTILE = /p\d+(?:\.\d+)?(?![\w-])|p\(\s*\d+(?:\.\d+)?\s*\)/y;
const WORD = /[A-Za-z_]\w*/y;
const ID = /[A-Za-z][\w.-]*(?=\s*=(?!=))/y;
const LEVEL = new RegExp(`(?:${LEVELS.join('|')})(?=\\s*:)`, 'y');
/** As TraceQL names it. */
const ATTRIBUTE = /(?:span|resource)?\.[\w.:/-]+/y;
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

/** What a configuration file adds to the expression. */
export interface CheckFacts {
  readonly id?: string | undefined;
  readonly level?: Level | undefined;
  readonly owner?: string | undefined;
  readonly why?: string | undefined;
  readonly isOptional?: boolean | undefined;
  readonly line?: number | undefined;
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
    isOptional: facts.isOptional ?? false,
    line: facts.line ?? null,
    ...body,
  };
}

function parseBody(scanner: TextScanner): CheckBody {
  return parseQuantified(scanner) ?? parseComparison(scanner);
}

function parseComparison(scanner: TextScanner): CheckBody {
  scanner.skipBlanks();
  const measure = parseMeasure(scanner);
  const scope = parseScope(scanner) ?? { kind: 'requests' };
  checkScope(scanner, measure, scope);
  const comparator = parseComparator(scanner);
  const limit = parseLimit(scanner, measure);
  return { measure, scope: isOfPath(measure) ? wholeService(scope) : scope, comparator, limit };
}

/** A service's part of the critical path is that of all its spans, not only of those by which work enters it. */
function wholeService(scope: Scope): Scope {
  return scope.kind === 'service' && scope.name === null ? { ...scope, name: '*' } : scope;
}

function isOfPath(measure: Measure): boolean {
  return measure.kind === 'count'
    ? measure.count === 'critical_share'
    : measure.kind === 'statistic' && measure.field === 'critical';
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

function parseField(scanner: TextScanner): Field | NumberAttribute {
  if (scanner.takeOne(['(']) === null) return 'duration';
  scanner.skipBlanks();
  const at = scanner.position;
  const attribute = scanner.take(ATTRIBUTE);
  if (attribute !== null) {
    scanner.expect(')');
    const [of = ''] = attribute.split('.', 1);
    const key = attribute.slice(of.length + 1);
    return { of: of === 'span' || of === 'resource' ? of : 'any', key };
  }
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

function parseLimit(scanner: TextScanner, measure: Measure): Limit {
  const unit = unitOf(measure);
  scanner.skipBlanks();
  const at = scanner.position;
  if (scanner.take(/baseline\b/y) === null)
    return { kind: 'value', value: parseAmount(scanner, unit) };
  if (measure.kind === 'findings' && measure.isNew)
    scanner.fail('new findings are those that the baseline does not have already', {
      at,
      fix: 'compare their number with a value, or that of all findings(…) with the baseline',
    });
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
