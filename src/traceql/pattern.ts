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

/** Text without any sign that means something in a pattern. */
const LITERAL = '[^\\\\.+*?()|[\\]{}^$]';
const ANCHORS = new RegExp(`^(\\.\\*)?(${LITERAL}*)(\\.\\*)?$`, 's');
const ALTERNATIVES = new RegExp(`^${LITERAL}+(?:\\|${LITERAL}+)+$`, 's');

/** Patterns that need no automaton: `GET /cart`, `a|b|c`, `prefix.*`, `.*suffix`, `.*part.*`. */
function plainPattern(source: string): Pattern | null {
  if (ALTERNATIVES.test(source)) {
    const words = new Set(source.split('|'));
    return (text) => words.has(text);
  }
  const parts = ANCHORS.exec(source);
  if (parts === null) return null;
  const [, before, literal = '', after] = parts;
  if (before !== undefined && after !== undefined) return (text) => text.includes(literal);
  if (before !== undefined) return (text) => text.endsWith(literal);
  if (after !== undefined) return (text) => text.startsWith(literal);
  return (text) => text === literal;
}
