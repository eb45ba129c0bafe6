import { RE2JS, RE2JSException } from 're2js';

/** Decides whether a whole string matches. */
export type Pattern = (text: string) => boolean;

/** How many strings a pattern remembers its answers for: names and values repeat from span to span. */
const REMEMBERED = 10_000;
/** Longer strings are rarely repeated and would fill the memory. */
const LONGEST_REMEMBERED = 200;

/**
 * A pattern as TraceQL has it: RE2's syntax, anchored at both ends, `.` matches line breaks too. Runs in time linear in the length of the
 * string whatever the pattern: patterns of RE2 are automata, V8's engine is used for none of them. Throws for a pattern that is none.
 */
export function compilePattern(source: string): Pattern {
  const decide = plainPattern(source) ?? automaton(source);
  const remembered = new Map<string, boolean>();
  return (text) => {
    if (text.length > LONGEST_REMEMBERED) return decide(text);
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const result = decide(text);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(text, result);
    return result;
  };
}

/** What is wrong with a pattern, null if nothing is. */
export function patternProblem(source: string): string | null {
  try {
    compileAutomaton(source);
    return null;
  } catch (error) {
    if (error instanceof RE2JSException) {
      return error.message.replace(/^error parsing regexp: /, '');
    }
    throw error;
  }
}

function compileAutomaton(source: string): RE2JS {
  return RE2JS.compile(source, RE2JS.DOTALL);
}

function automaton(source: string): Pattern {
  const compiled = compileAutomaton(source);
  return (text) => compiled.matches(text);
}

/** Text without any sign that means something in a pattern, or with a backslash before it. */
const LITERAL = '(?:[^\\\\.+*?()|[\\]{}^$]|\\\\[.+*?()|[\\]{}^$\\\\])';
const ANCHORS = new RegExp(`^(\\(\\?i\\))?(\\.\\*)?(${LITERAL}*)(\\.\\*)?$`, 's');
const ALTERNATIVES = new RegExp(`^${LITERAL}+(?:\\|${LITERAL}+)+$`, 's');
const ASCII = /^[\x20-\x7e]*$/;

/** Patterns that need no automaton: `GET /cart`, `a|b|c`, `prefix.*`, `.*suffix`, `(?i).*part.*`. */
function plainPattern(source: string): Pattern | null {
  if (ALTERNATIVES.test(source) && !source.includes('\\')) {
    const words = new Set(source.split('|'));
    return (text) => words.has(text);
  }
  const parts = ANCHORS.exec(source);
  if (parts === null) return null;
  const [, ignoresCase, before, escaped = '', after] = parts;
  const literal = escaped.replace(/\\(.)/gs, '$1');
  const decide = placed(before !== undefined, after !== undefined);
  if (ignoresCase === undefined) return (text) => decide(text, literal);
  // Other letters than ASCII's have more than two cases.
  if (!ASCII.test(literal)) return null;
  const slow = automaton(source);
  const lower = literal.toLowerCase();
  return (text) => (ASCII.test(text) ? decide(text.toLowerCase(), lower) : slow(text));
}

function placed(
  isOpenBefore: boolean,
  isOpenAfter: boolean,
): (text: string, literal: string) => boolean {
  if (isOpenBefore && isOpenAfter) return (text, literal) => text.includes(literal);
  if (isOpenBefore) return (text, literal) => text.endsWith(literal);
  if (isOpenAfter) return (text, literal) => text.startsWith(literal);
  return (text, literal) => text === literal;
}

/** Text as a pattern that matches nothing else. */
export function literalPattern(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
