/** Anything that JSON can say, and bigints, which become decimal strings: they are nanoseconds past 2^53. */
export type JsonDocument =
  | string
  | number
  | boolean
  | bigint
  | null
  | readonly JsonDocument[]
  | { readonly [key: string]: JsonDocument };

/** The first fields of every document: what it is and who wrote it. Within a major version fields are only added. */
export function documentHead(name: string, version: string) {
  return { schema: `tracecli.${name}/1`, tool: { name: 'tracecli', version } };
}

/**
 * One document as indented JSON with a line break at its end. Keys keep their order, so the same document gives the same bytes.
 * Control and direction characters are written as `\u` escapes: the text may be read on a terminal.
 */
export function renderJson(document: JsonDocument): string {
  const text = JSON.stringify(
    document,
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    2,
  );
  return `${withoutHidden(text)}\n`;
}

/** JSON in which control and direction characters, which stand in strings only, are escapes. */
export function withoutHidden(json: string): string {
  return json.replace(HIDDEN, escapeCharacter);
}

/** Controls that JSON.stringify leaves as they are, marks that change the direction of text, and byte order marks. */
const HIDDEN = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
