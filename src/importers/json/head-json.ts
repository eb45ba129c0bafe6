import { isJsonObject } from '../read-field.ts';
import type { DumpHead } from '../trace-format.ts';
import { readJson } from './json-reader.ts';
import type { JsonValue } from './json-shape.ts';

/** How much of a dump its format is told from. */
export const HEAD_BYTES = 256 * 1024;

/** More values tell nothing more. */
const MAX_VALUES = 100;
/** A text may begin with a few lines that are not JSON: a log header, a broken record. */
const MAX_OTHER_LINES = 20;
/** Bytes that must be free of control characters for the rest to count as text. */
const TEXT_CHECK_BYTES = 1024;

const BEGINNING = /[{[]/y;
const NOTHING = /[\s,\ufeff]*/y;

/** The beginning of a dump, as detection sees it. */
export function dumpHead(bytes: Uint8Array, isWhole: boolean): DumpHead {
  return { bytes, isWhole, values: isText(bytes) ? firstValues(textOf(bytes)) : [] };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

/** Whether it can be UTF-8 text: no control characters but white space, form feed and the record separator of JSON text sequences. */
function isText(bytes: Uint8Array): boolean {
  return bytes
    .subarray(0, TEXT_CHECK_BYTES)
    .every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1e);
}

/** The objects and lists at the top level, with what is complete of one that is cut off or broken. */
function firstValues(text: string): readonly JsonValue[] {
  const values: JsonValue[] = [];
  let otherLines = 0;
  let at = skip(NOTHING, text, 0);
  while (at < text.length && values.length < MAX_VALUES && otherLines < MAX_OTHER_LINES) {
    const begins = skip(BEGINNING, text, at) > at;
    const { value, end, fault } = begins ? readJson(text, at) : NO_READING;
    if (value !== undefined && (fault === null || !isNothing(value))) values.push(value);
    if (!begins) otherLines += 1;
    at = skip(NOTHING, text, fault === null ? end : nextLine(text, Math.max(at, end)));
  }
  return values;
}

const NO_READING = { value: undefined, end: 0, fault: 'syntax' } as const;

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

/** Index behind what `pattern` (sticky) matches at `at`. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function isNothing(value: JsonValue): boolean {
  if (isJsonObject(value)) return Object.keys(value).length === 0;
  return Array.isArray(value) && value.length === 0;
}
