import { readJson } from './json-reader.ts';
import type { JsonValue } from './json-shape.ts';

/** An integer of 17 digits, or of 16 that begin with a 9, may be past 2^53. What stands after a digit, dot or quote is no integer. */
const MAYBE_LARGE_INTEGER = /(?:^|[^\d."])(?:9\d{15}|\d{17})/;

/** Text that is not JSON, with the offset of the first character that does not fit. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  /** In UTF-16 units from the start of the text. */
  readonly offset: number;

  constructor(message: string, offset: number, cause: unknown) {
    super(message, { cause });
    this.offset = offset;
  }
}

/** `text` as a value with every integer exact. Throws a JsonSyntaxError. */
export function parseJson(text: string): JsonValue {
  return MAYBE_LARGE_INTEGER.test(text) ? parseExactly(text) : parseSmall(text);
}

/** As `parseJson`, several times faster, for text that holds no integer past 2^53 (or whose exactness does not matter). */
export function parseSmall(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw syntaxError(text, cause);
  }
}

/** As `parseJson`, without looking first whether the slow way is needed. */
export function parseExactly(text: string): JsonValue {
  const { value, end, fault } = readJson(text, 0);
  if (fault !== null || value === undefined || text.slice(end).trim() !== '') {
    throw syntaxError(text, undefined);
  }
  return value;
}

function syntaxError(text: string, cause: unknown): JsonSyntaxError {
  const { end, fault } = readJson(text, 0);
  if (fault === 'end') return new JsonSyntaxError('the text ends too early', text.length, cause);
  const rest = fault === 'syntax' ? text.slice(end) : text.slice(end).trimStart();
  const offset = text.length - rest.length;
  return new JsonSyntaxError(`unexpected ${JSON.stringify(rest.slice(0, 20))}`, offset, cause);
}
