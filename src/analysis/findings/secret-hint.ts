import type { AttributeJson } from '../../model/shaped-attributes.ts';

/**
 * Every text that one of the patterns of secrets matches also matches this, and hardly any other does.
 */
const HINT =
  /@|eyJ|A(?:KIA|SIA|Iza)|gh[pousr]_|github_pat_|xox[abprs]-|[rs]k_(?:live|test)_|npm_|pypi-|-BEGIN |earer |[?&](?:[aA]|[tT][oO]|[pP][aA]|[sS][eEiI])|[3-6]\d{3}(?:[ -]?\d){9}/;

/** Nothing that a pattern matches is shorter. */
const MIN_TEXT = 6;

/** Digits of the shortest card number. */
const CARD_DIGITS = 13;

/** Whether a text may hold a secret. Nearly all texts end here. */
export function mayHoldSecret(text: string): boolean {
  return text.length >= MIN_TEXT && hasRareCharacter(text) && HINT.test(text);
}

const DIGIT = 1;
const SPACE = 2;
const DASH = 3;
const UNDERSCORE = 4;
const AT = 5;
const CAPITAL_J = 6;
const CAPITAL_A = 7;
const QUESTION = 8;
const OPEN = 9;

/** By code unit: which characters without which `HINT` does not match. */
const CLASS = new Uint8Array(256);
CLASS.fill(DIGIT, 0x30, 0x3a);
for (const [characters, characterClass] of [
  [' ', SPACE],
  ['-', DASH],
  ['_', UNDERSCORE],
  ['@', AT],
  ['J', CAPITAL_J],
  ['A', CAPITAL_A],
  ['?&', QUESTION],
  ['{', OPEN],
] as const) {
  for (const character of characters) CLASS[character.charCodeAt(0)] = characterClass;
}

/**
 * Whether a text has one of the characters that every alternative of `HINT` needs, beside those that stand there. A loop that looks at
 * each character once costs a fifth of the expression, which tries its alternatives everywhere.
 */
function hasRareCharacter(text: string): boolean {
  let digits = 0;
  let previous = 0;
  for (let i = 0; i < text.length; i++) {
    const kind = CLASS[text.charCodeAt(i)] ?? 0;
    if (kind !== 0) {
      digits = digitsUpTo(digits, kind, previous);
      if (digits >= CARD_DIGITS) return true;
      if (
        kind > DIGIT &&
        isBeside(kind, text.charCodeAt(i - 2), text.charCodeAt(i - 1), text.charCodeAt(i + 1))
      ) {
        return true;
      }
    }
    previous = kind;
  }
  return false;
}

/**
 * Whether a value in the JSON of attributes may hold a secret by its text, or be a map, whose keys may tell more. It has every rare
 * character that a text has, beside the same ones, because JSON escapes none of these.
 */
export function mayHoldSecrets({ bytes, from, to }: AttributeJson): boolean {
  let digits = 0;
  let previous = 0;
  for (let i = from + 1; i < to; i++) {
    const kind = CLASS[bytes[i] ?? 0] ?? 0;
    if (kind !== 0) {
      digits = digitsUpTo(digits, kind, previous);
      if (digits >= CARD_DIGITS) return true;
      if (kind > DIGIT && isBeside(kind, bytes[i - 2] ?? 0, bytes[i - 1] ?? 0, bytes[i + 1] ?? 0)) {
        return true;
      }
    }
    previous = kind;
  }
  return false;
}

/** Digits of the run that goes on at a character; one space or dash may stand between two digits. */
function digitsUpTo(digits: number, kind: number, previous: number): number {
  if (kind === DIGIT) return previous === 0 || previous > DASH ? 1 : digits + 1;
  return previous === DIGIT ? digits : 0;
}

const CODE = {
  B: 0x42,
  b: 0x62,
  e: 0x65,
  h: 0x68,
  i: 0x69,
  k: 0x6b,
  m: 0x6d,
  r: 0x72,
  x: 0x78,
  y: 0x79,
  quote: 0x22,
} as const;

/** Codes of the characters that may follow an `A`, and a `?` or `&`. */
const AFTER_A = codesOf('KSI');
const AFTER_QUESTION = codesOf('aAtTpPsS');

function codesOf(characters: string): Uint8Array {
  const codes = new Uint8Array(256);
  for (const character of characters) codes[character.charCodeAt(0)] = 1;
  return codes;
}

/** Whether what is around a rare character may belong to a secret: the codes of the two before it and of the one after it. */
function isBeside(kind: number, second: number, before: number, after: number): boolean {
  switch (kind) {
    case SPACE:
      return before === CODE.r && second === CODE.e;
    case DASH:
      return before === CODE.i || second === CODE.x || after === CODE.B;
    case UNDERSCORE:
      return before === CODE.b || before === CODE.k || before === CODE.m || second === CODE.h;
    case CAPITAL_J:
      return before === CODE.y;
    case CAPITAL_A:
      return AFTER_A[after] === 1;
    case QUESTION:
      return AFTER_QUESTION[after] === 1;
    case OPEN:
      return after === CODE.quote;
    default:
      return true;
  }
}
