/** The bytes of JSON's grammar. */
export const LINE_FEED = 0x0a;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const POINT = 0x2e;
export const NINE = 0x39;
export const COLON = 0x3a;
export const BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
const CLOSING_BRACKET = 0x5d;
export const LETTER_N = 0x6e;
export const BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** 1 for white space, and for the byte order mark that some tools put before a text or between joined ones. */
export const IS_SPACE = new Uint8Array(256);
for (const byte of [0x20, 0x09, 0x0d, 0xef, 0xbb, 0xbf]) IS_SPACE[byte] = 1;

/** Whether an object or a list begins. */
export function isOpener(byte: number): boolean {
  return byte === BRACE || byte === BRACKET;
}

/** Whether an object or a list ends. */
export function isCloser(byte: number): boolean {
  return byte === CLOSING_BRACE || byte === CLOSING_BRACKET;
}

/** The bracket that closes what `opener` opens. */
export function closerOf(opener: number): number {
  return opener === BRACE ? CLOSING_BRACE : CLOSING_BRACKET;
}
