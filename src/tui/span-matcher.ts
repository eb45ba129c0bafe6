import type { TraceNode } from '../model/trace.ts';
import { formatDuration } from '../report/format-duration.ts';
import { attributeText } from './layout/attribute-text.ts';

/** Whether a span is wanted; `label` is its searchable text in lower case. */
export type SpanMatcher = (node: TraceNode, label: string) => boolean;

const TOKEN = /(-?)("[^"]*"?|\S+)/g;
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
};
const DURATION = /^([<>])([0-9.]+)(ns|us|µs|ms|s|m)$/;

/**
 * What people type to find spans: all words must occur in service, operation, status message or id, whatever the case; `"two
 * words"` together; `key=value` is an attribute that contains the value; `>100ms` and `<2s` are durations; `-` before any of
 * these excludes, `!` at the beginning turns all of it round.
 */
export function spanMatcher(text: string): SpanMatcher {
  const isInverse = text.startsWith('!');
  const tokens = [...(isInverse ? text.slice(1) : text).matchAll(TOKEN)];
  const tests = tokens.map(([, minus, token = '']) => {
    const test = testOf(token.replaceAll('"', '').toLowerCase());
    return minus === '-' ? negated(test) : test;
  });
  const all: SpanMatcher = (node, label) => tests.every((test) => test(node, label));
  return isInverse ? negated(all) : all;
}

/** The longest plain word of a search, to be marked in names; '' when there is none. */
export function markedWord(text: string): string {
  if (text.startsWith('!')) return '';
  const words = [...text.matchAll(TOKEN)].flatMap(([, minus, token = '']) =>
    minus === '-' || /[=<>]/.test(token) ? [] : [token.replaceAll('"', '')],
  );
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

function negated(test: SpanMatcher): SpanMatcher {
  return (node, label) => !test(node, label);
}

function testOf(token: string): SpanMatcher {
  const [, sign, number, unit = ''] = DURATION.exec(token) ?? [];
  if (number !== undefined) {
    const limit = Number(number) * (UNITS[unit] ?? 1);
    return sign === '>'
      ? ({ span }) => span.durationNs > limit
      : ({ span }) => span.durationNs < limit;
  }
  const equals = token.indexOf('=');
  if (equals > 0) return attributeTest(token.slice(0, equals), token.slice(equals + 1));
  return (_, label) => label.includes(token);
}

/** Facts of every span that people filter by as if they were attributes. */
const FACTS: Readonly<Record<string, (node: TraceNode) => string>> = {
  status: ({ span }) => span.statusCode,
  kind: ({ span }) => span.kind,
  name: ({ span }) => span.name,
  service: ({ service }) => service,
  duration: ({ span }) => formatDuration(span.durationNs),
};

function attributeTest(key: string, wanted: string): SpanMatcher {
  const fact = FACTS[key];
  if (fact) return (node) => fact(node).toLowerCase().includes(wanted);
  return ({ span }) => {
    for (const attributes of [span.attributes, span.resource.attributes]) {
      for (const [name, value] of attributes) {
        if (name.toLowerCase() !== key) continue;
        if (attributeText(value).toLowerCase().includes(wanted)) return true;
      }
    }
    return false;
  };
}
