/** What a text column holds: text, or the UTF-16 code units of a string that UTF-8 cannot express. */
export type SqlText = string | Buffer;

const LONE_SURROGATE = /\p{Cs}/u;

/**
 * `text` as SQLite keeps it without loss. SQLite's text is UTF-8, which has no lone surrogates (JSON has them as `\ud800`);
 * such a string becomes a blob. NUL characters are fine.
 */
export function toSqlText(text: string): SqlText {
  return LONE_SURROGATE.test(text) ? Buffer.from(text, 'utf16le') : text;
}

/** The string that `toSqlText` was given. */
export function fromSqlText(value: SqlText): string {
  return typeof value === 'string' ? value : value.toString('utf16le');
}
