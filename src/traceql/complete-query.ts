import { SPAN_KINDS, STATUS_CODES } from '../model/span.ts';
import { INTRINSIC_SPELLINGS, INTRINSICS, intrinsicOf } from './intrinsics.ts';
import { attributeName, quoted } from './print-query.ts';
import { type AttributeScope, MEASURES, SCOPES } from './query.ts';
import { ALIASES, isTraceQl } from './short-form.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What may stand at the cursor: each candidate replaces the text from `from` to `to`. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly string[];
}

/** Candidates at most; more is no help. */
const MOST_CANDIDATES = 200;

const STAGES = [
  'count()',
  'avg(',
  'min(',
  'max(',
  'sum(',
  'by(',
  'select(',
  'coalesce()',
  ...MEASURES.map((name) =>
    name === 'rate' || name === 'count_over_time' ? `${name}()` : `${name}(`,
  ),
  'compare({ ',
  'topk(',
  'bottomk(',
];

/** An attribute or intrinsic as far as it has been typed, at the end of a text. */
const NAME_AT_END =
  /(?:[\p{L}_:]*\.(?:"(?:[^"\\]|\\.)*"?|[^\s{}()=~!<>&|^,"])*|[\p{L}_][\p{L}\p{N}_:]*)?$/u;
/** A field, an operator, and a value as far as it has been typed. */
const VALUE_AT_END =
  /([\p{L}_:]*\.(?:"(?:[^"\\]|\\.)*"|[^\s{}()=~!<>&|^,"])+|[\p{L}_][\p{L}\p{N}_:]*)\s*(?:=~|!~|!=|>=|<=|=|>|<)\s*("(?:[^"\\]|\\.)*|[\p{L}\p{N}_.]*)$/u;

/** What may stand at `cursor` in a query, TraceQL or short form. */
export function completeQuery(text: string, cursor: number, vocabulary: Vocabulary): Completion {
  const before = text.slice(0, cursor);
  if (before.trim() !== '' && isTraceQl(before)) return completeTraceQl(before, vocabulary);
  return completeTerm(before, vocabulary);
}

function completeTraceQl(before: string, vocabulary: Vocabulary): Completion {
  const value = VALUE_AT_END.exec(before);
  if (value !== null) {
    const [, field = '', typed = ''] = value;
    return completion(before, typed, valuesOf(field, vocabulary));
  }
  const [typed = ''] = NAME_AT_END.exec(before) ?? [];
  const rest = before.slice(0, before.length - typed.length).trimEnd();
  const isStage = rest.endsWith('|') && !rest.endsWith('||') && openBraces(rest) === 0;
  if (isStage) return completion(before, typed, STAGES);
  if (!/[{(,!&|+\-*/%^=<>~]$/.test(rest)) return completion(before, typed, []);
  return completion(before, typed, fieldNames(vocabulary, typed));
}

/** Braces outside of strings that nothing closes. */
function openBraces(text: string): number {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '');
  return bare.split('{').length - bare.split('}').length;
}

function completion(before: string, typed: string, candidates: readonly string[]): Completion {
  const lower = typed.toLowerCase();
  const fitting = candidates.filter((candidate) => candidate.toLowerCase().startsWith(lower));
  return {
    from: before.length - typed.length,
    to: before.length,
    candidates: Array.from(new Set(fitting)).slice(0, MOST_CANDIDATES),
  };
}

/** Attributes without their scope first: shorter, and right for most; with it once a scope has been typed. */
function fieldNames(vocabulary: Vocabulary, typed: string): string[] {
  const known = vocabulary.attributes();
  const isScoped = /^[a-z]+\./.test(typed);
  const unscoped = known
    .filter(({ scope }) => scope === 'span' || scope === 'resource')
    .map(({ name }) => `.${attributeName(name)}`);
  const scoped = known.map(({ scope, name }) => `${scope}.${attributeName(name)}`);
  return isScoped ? scoped : [...INTRINSIC_SPELLINGS, ...unscoped, ...scoped];
}

function valuesOf(field: string, vocabulary: Vocabulary): string[] {
  const intrinsic = intrinsicOf(field);
  if (intrinsic === null) return attributeValues(field, vocabulary).map(staticText);
  const { type } = INTRINSICS[intrinsic];
  if (type === 'status') return STATUS_CODES.toReversed();
  if (type === 'kind') return [...SPAN_KINDS];
  return type === 'string' ? stringValues(intrinsic, vocabulary).map(quoted) : [];
}

function stringValues(intrinsic: string, vocabulary: Vocabulary): readonly string[] {
  if (intrinsic === 'name' || intrinsic === 'rootName') return vocabulary.operations();
  return intrinsic === 'rootServiceName' ? vocabulary.services() : [];
}

function attributeValues(
  field: string,
  vocabulary: Vocabulary,
): readonly (string | number | boolean)[] {
  const [, prefix = '', written = ''] = /^([a-z]*)\.(.*)$/s.exec(field) ?? [];
  const scope = SCOPES.find((one) => one === (prefix === '' ? 'any' : prefix)) ?? 'any';
  const name = written.replace(/"((?:[^"\\]|\\.)*)"/g, (_, inside: string) =>
    inside.replace(/\\(.)/g, '$1'),
  );
  return knownValues(scope, name, vocabulary);
}

function knownValues(scope: AttributeScope, name: string, vocabulary: Vocabulary) {
  const isService = name === 'service.name' && (scope === 'resource' || scope === 'any');
  return isService ? vocabulary.services() : vocabulary.values(scope, name);
}

function staticText(value: string | number | boolean): string {
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** The term at the end of a short form: a minus, a key with its operator, and what follows. */
const TERM_AT_END =
  /(-?)(?:([^\s"=!<>~-][^\s"=!<>~]*)(=|!=|>=|<=|>|<|=~|!~))?("(?:[^"\\]|\\.)*"?|[^\s"]*)$/;

function completeTerm(before: string, vocabulary: Vocabulary): Completion {
  const [, , key, , typed = ''] = TERM_AT_END.exec(before) ?? [];
  if (key !== undefined) return completion(before, typed, termValues(key, vocabulary));
  return completion(before, typed, [
    ...vocabulary.services().map(termText),
    'error',
    ...Object.keys(ALIASES).map((alias) => `${alias}=`),
    'kind=',
    'status=',
    'traceDuration>',
    ...vocabulary
      .attributes()
      .flatMap(({ scope, name }) =>
        /[\s"=!<>~]/.test(name) || name.startsWith('-')
          ? []
          : [`${scope === 'span' || scope === 'resource' ? '' : `${scope}.`}${name}=`],
      ),
    ...vocabulary.operations().map(termText),
  ]);
}

function termValues(key: string, vocabulary: Vocabulary): string[] {
  const field = ALIASES[key] ?? key;
  const intrinsic = intrinsicOf(field);
  if (intrinsic !== null) {
    const { type } = INTRINSICS[intrinsic];
    return type === 'string'
      ? stringValues(intrinsic, vocabulary).map(termText)
      : valuesOf(field, vocabulary);
  }
  const [, prefix = '', name = field] =
    /^(span|resource|event|link|instrumentation)\.(.*)$/s.exec(field) ?? [];
  const scope = SCOPES.find((one) => one === (prefix === '' ? 'any' : prefix)) ?? 'any';
  return knownValues(scope, name, vocabulary).map((value) =>
    typeof value === 'string' ? termText(value) : String(value),
  );
}

/** A value as a term holds it: in quotes where it has signs or spaces. */
function termText(value: string): string {
  return /^[^\s"=!<>~{}()*-][^\s"=!<>~{}()*]*$/.test(value) && value !== 'error'
    ? value
    : JSON.stringify(value);
}
