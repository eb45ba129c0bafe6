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

/** By code unit: which characters without which `HINT` does not match. */
const CLASS = new Uint8Array(128);
CLASS.fill(DIGIT, 0x30, 0x3a);
for (const [characters, characterClass] of [
  [' ', SPACE],
  ['-', DASH],
  ['_', UNDERSCORE],
  ['@', AT],
  ['J', CAPITAL_J],
  ['A', CAPITAL_A],
  ['?&', QUESTION],
] as const) {
  for (const character of characters) CLASS[character.charCodeAt(0)] = characterClass;
}

/**
 * Whether a text has one of the characters that every alternative of `HINT` needs, beside one of those that stand there. A loop that
 * looks at each character once costs a fifth of the expression, which tries its alternatives everywhere.
 */
function hasRareCharacter(text: string): boolean {
  let digits = 0;
  let previous = 0;
  for (let i = 0; i < text.length; i++) {
    const kind = CLASS[text.charCodeAt(i)] ?? 0;
    if (kind !== 0) {
      digits = digitsUpTo(digits, kind, previous);
      if (digits >= CARD_DIGITS || (kind > DIGIT && isBeside(kind, text, i))) return true;
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

/** Whether what is around a rare character may belong to a secret. */
function isBeside(kind: number, text: string, at: number): boolean {
  const before = text[at - 1] ?? '';
  switch (kind) {
    case SPACE:
      return before === 'r' && text[at - 2] === 'e';
    case DASH:
      return before === 'i' || text[at - 2] === 'x' || text[at + 1] === 'B';
    case UNDERSCORE:
      return before === 'b' || before === 'k' || before === 'm' || text[at - 2] === 'h';
    case CAPITAL_J:
      return before === 'y';
    case CAPITAL_A:
      return 'KSI'.includes(text[at + 1] ?? '-');
    case QUESTION:
      return 'aAtTpPsS'.includes(text[at + 1] ?? '-');
    default:
      return true;
  }
}
