/**
 * Untrusted text → one line that is safe to print. Control characters become visible pictures (`␛`, `␊`), C1 controls, direction
 * marks and lone surrogates become `�`, invisible characters are dropped, and at most three combining marks stack.
 * Replaces rather than strips: taking a sequence out of `ESC ESC[31m [2J` would form a new one. Printable ASCII costs one test.
 */
export function cleanText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSAFE, picture);
}

/**
 * `cleanText`, and characters whose width terminals disagree on (emoji with variation selectors, key caps, joined and
 * skin-toned emoji) reduced to their first code point, so that columns stay aligned.
 */
export function narrowText(text: string): string {
  return PLAIN.test(text) ? text : cleanText(text.replace(AMBIGUOUS_WIDTH, ''));
}

/** Lines of text, each cleaned; the breaks between them stay. */
export function cleanLines(text: string): string {
  return text.split('\n').map(cleanText).join('\n');
}

/**
 * JSON text in which whatever `cleanText` would replace stands as `\u` escapes: it means the same, and is safe to print. Line breaks
 * stay, they stand between values.
 */
export function escapedJson(json: string): string {
  return PLAIN_LINES.test(json) ? json : json.replace(UNSAFE, escaped);
}

const PLAIN = /^[\x20-\x7e]*$/;
const PLAIN_LINES = /^[\n\x20-\x7e]*$/;

/** Built from text because the parts are clearer one by one. Group 1: the marks to keep of a longer stack. */
const UNSAFE = new RegExp(
  [
    '[\\x00-\\x1f\\x7f-\\x9f]', // C0, DEL, C1
    '\\p{Cs}', // surrogates without a partner
    '[\\u200e\\u200f\\u061c\\u202a-\\u202e\\u2066-\\u2069]', // direction
    '[\\u2028\\u2029]', // line and paragraph separators
    '[\\u00ad\\u034f\\u200b\\u2060-\\u2065\\u206a-\\u206f\\ufeff]', // zero width
    '[\\u115f\\u1160\\u3164\\uffa0]', // Hangul fillers: invisible, but take a cell or two
    '[\\u17b4\\u17b5\\u180b-\\u180f\\ufe00-\\ufe0e]', // invisible vowels, variation selectors
    '[\\ufff0-\\ufffb]|[\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}]', // annotations, format controls, tags
    '(\\p{M}{3})\\p{M}+',
  ].join('|'),
  'gu',
);

const AMBIGUOUS_WIDTH = new RegExp(
  [
    '\\ufe0f', // shows the character before as an emoji
    '\\u20e3', // key cap
    '[\\u{1f3fb}-\\u{1f3ff}]', // skin tones
    '\\u200d\\p{Extended_Pictographic}?', // joined emoji
  ].join('|'),
  'gu',
);

function escaped(match: string, keptMarks: string | undefined): string {
  if (match === '\n') return match;
  const kept = keptMarks ?? '';
  let text = kept;
  for (let at = kept.length; at < match.length; at++) {
    text += `\\u${match.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return text;
}

function picture(match: string, keptMarks: string | undefined): string {
  if (keptMarks !== undefined) return keptMarks;
  const code = match.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  if (code === 0x2028 || code === 0x2029) return '\u2424';
  return isMisleading(code) ? '\ufffd' : '';
}

/** C1 controls, characters that change the direction of text, and surrogates without a partner. */
function isMisleading(code: number): boolean {
  return (
    (code >= 0x80 && code < 0xa0) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    code === 0x200e ||
    code === 0x200f ||
    code === 0x061c ||
    (code >= 0xd800 && code < 0xe000)
  );
}
