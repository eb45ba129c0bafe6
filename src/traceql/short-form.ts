import { SPAN_KINDS, STATUS_CODES } from '../model/span.ts';
import { UserError } from '../model/user-error.ts';
import { parseDurationText } from './duration-text.ts';
import { INTRINSICS, intrinsicOf } from './intrinsics.ts';
import { literalPattern } from './pattern.ts';
import { attributeName, printStatic, quoted } from './print-query.ts';

/** One term: a minus, then a name with an operator or just a comparison, then a value or word that may hold quoted parts. */
const TERM =
  /(-)?(?:([^\s"=!<>~-][^\s"=!<>~]*)?(!=|=~|!~|>=|<=|=|>|<))?((?:"(?:[^"\\]|\\.)*"|[^\s"])*)/y;

/** Whether `text` is TraceQL rather than the short form: it has braces, or begins with a stage. */
export function isTraceQl(text: string): boolean {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return /[{}]/.test(bare) || /^\s*(?:count|min|max|avg|sum|by|select)\s*\(/.test(bare);
}

/**
 * The TraceQL that a short form stands for. Terms are separated by spaces and must all hold for one span:
 *
 *     checkout                   in the name or service of the span or of its trace's root, whatever the case
 *     error                      status = error
 *     >200ms  <=1s               duration
 *     http.status_code=500       an attribute of the span or its resource; as a number or as text
 *     http.route=/cart/*         * stands for any text; alone for any value: http.route=*
 *     service=cart kind=server   service, operation and every intrinsic by name
 *     -healthcheck -a=b          the opposite
 *     "two words"                as they stand
 *
 * Nothing stands for all spans. Throws a `UserError` for a term that is none.
 */
export function translateShortForm(text: string): string {
  const conditions: string[] = [];
  for (const term of termsOf(text)) conditions.push(translateTerm(term));
  return conditions.length === 0 ? '{ true }' : `{ ${conditions.join(' && ')} }`;
}

interface Term {
  readonly isNegated: boolean;
  /** Undefined before a bare word and before a comparison without a name. */
  readonly key: string | undefined;
  readonly operator: string | undefined;
  readonly value: string;
  readonly isQuoted: boolean;
  readonly text: string;
}

function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at] ?? '')) {
      at++;
      continue;
    }
    TERM.lastIndex = at;
    const [whole = '', minus, key, operator, value = ''] = TERM.exec(text) ?? [];
    if (whole === '' || value === '') throw notATerm(text.slice(at).split(/\s/)[0] ?? '');
    at += whole.length;
    const isQuoted = value.includes('"');
    terms.push({
      isNegated: minus !== undefined,
      key,
      operator,
      value: unquoted(value),
      isQuoted,
      text: whole,
    });
  }
  return terms;
}

function unquoted(value: string): string {
  return value.replace(/"((?:[^"\\]|\\.)*)"/g, (_, inside: string) =>
    inside.replace(/\\(.)/g, '$1'),
  );
}

function notATerm(term: string): UserError {
  return new UserError('usage', `"${term}" is not a term of a query`, {
    where: ['a term is a word, error, >200ms, key=value, or one of them behind a minus'],
    fix: 'quote what has signs in it, "a=b", or write TraceQL: \'{ status = error }\'',
  });
}

function translateTerm(term: Term): string {
  const { isNegated, key, operator } = term;
  if (isNegated && key === undefined && operator === undefined && isError(term)) {
    return 'status != error';
  }
  const condition = operator === undefined ? translateWord(term) : translateComparison(term);
  if (!isNegated) return condition;
  return condition.startsWith('(') ? `!${condition}` : `!(${condition})`;
}

function isError({ value, isQuoted }: Term): boolean {
  return value === 'error' && !isQuoted;
}

/** Where a bare word is looked for. */
const WORD_FIELDS = ['name', 'resource.service.name', 'rootName', 'rootServiceName'];

function translateWord(term: Term): string {
  if (isError(term)) return 'status = error';
  const pattern = quoted(`(?i).*${literalPattern(term.value)}.*`);
  const places = WORD_FIELDS.map((field) => `${field} =~ ${pattern}`);
  // Long hex digits may begin an id, which is shown without its leading zeros.
  if (/^[0-9a-f]{6,32}$/i.test(term.value)) {
    places.push(`trace:id =~ ${quoted(`0*${term.value.toLowerCase()}.*`)}`);
  }
  return `(${places.join(' || ')})`;
}

/** Names of the short form for what TraceQL spells longer. */
export const ALIASES: Readonly<Record<string, string>> = {
  service: 'resource.service.name',
  operation: 'name',
  root: 'rootName',
  traceId: 'trace:id',
  spanId: 'span:id',
};

const SCOPED = /^(?:span|resource|event|link|instrumentation)\./;

/** The field that a key names in TraceQL. */
function fieldOf(key: string): string {
  const alias = ALIASES[key];
  if (alias !== undefined) return alias;
  if (intrinsicOf(key) !== null) return key;
  const [scope = ''] = SCOPED.exec(key) ?? [];
  const name = key.startsWith('.') ? key.slice(1) : key.slice(scope.length);
  return `${scope === '' ? '.' : scope}${attributeName(name)}`;
}

function translateComparison(term: Term): string {
  const { key, operator = '=', value, isQuoted, text } = term;
  if (key === undefined) return durationComparison(text, operator, value);
  const field = fieldOf(key);
  if (operator === '=~' || operator === '!~') return `${field} ${operator} ${quoted(value)}`;
  const intrinsic = intrinsicOf(field);
  const type = intrinsic === null ? 'any' : INTRINSICS[intrinsic].type;
  if (type !== 'any' && type !== 'string') return intrinsicComparison(term, field, operator, type);
  const isPattern = !isQuoted && value.includes('*') && /^!?=$/.test(operator);
  if (isPattern) return patternComparison(field, operator, value);
  if (type === 'string' || isQuoted) return `${field} ${operator} ${quoted(value)}`;
  return attributeComparison(field, operator, value);
}

/** `*` alone asks whether there is a value at all. */
function patternComparison(field: string, operator: string, value: string): string {
  const isEqual = operator === '=';
  if (value === '*') return `${field} ${isEqual ? '!=' : '='} nil`;
  const pattern = value.split('*').map(literalPattern).join('.*');
  return `${field} ${isEqual ? '=~' : '!~'} ${quoted(pattern)}`;
}

/** `>200ms` */
function durationComparison(text: string, operator: string, value: string): string {
  const duration = parseDurationText(value);
  if (duration === null || operator.includes('~')) {
    throw new UserError('usage', `"${text}" compares durations, and "${value}" is none`, {
      fix: 'write >200ms, <=1.5s or key>5',
    });
  }
  return `duration ${operator} ${printStatic({ type: 'duration', value: duration })}`;
}

function intrinsicComparison(
  { text, value }: Term,
  field: string,
  operator: string,
  type: string,
): string {
  const isKnown =
    type === 'status'
      ? STATUS_CODES.some((code) => code === value)
      : type === 'kind'
        ? SPAN_KINDS.some((kind) => kind === value)
        : parseDurationText(value) !== null || /^-?\d+(?:\.\d+)?$/.test(value);
  if (isKnown) return `${field} ${operator} ${value}`;
  const values = { status: STATUS_CODES.join(', '), kind: SPAN_KINDS.join(', ') };
  const expected = type === 'status' || type === 'kind' ? values[type] : 'a number or a duration';
  throw new UserError('usage', `"${text}" has a value that ${field} never has`, {
    where: [`expected ${expected}`],
  });
}

/** Zipkin and some SDKs write numbers and truth values as text; both spellings are meant. */
function attributeComparison(field: string, operator: string, value: string): string {
  const asText = `${field} ${operator} ${quoted(value)}`;
  const isNumber = /^-?(?:\d+(?:\.\d+)?)$/.test(value);
  const duration = isNumber ? null : parseDurationText(value);
  if (duration !== null) return `${field} ${operator} ${value}`;
  const isOther = isNumber || value === 'true' || value === 'false';
  if (!isOther) return asText;
  const asOther = `${field} ${operator} ${value}`;
  const isOrder = operator !== '=' && operator !== '!=';
  // Texts have no order that fits numbers.
  if (isOrder && isNumber) return asOther;
  return `(${asOther} || ${asText})`;
}
