import { escapedJson } from './clean-text.ts';

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
 * What a terminal would obey or hide is written as `\u` escapes: the text may be read on one.
 */
export function renderJson(document: JsonDocument): string {
  const text = JSON.stringify(
    document,
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    2,
  );
  return `${escapedJson(text)}\n`;
}
