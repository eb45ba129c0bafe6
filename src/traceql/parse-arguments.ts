import { namedField, parseField } from './parse-field.ts';
import type { Field, NamedField } from './query.ts';
import type { TokenCursor } from './token-cursor.ts';

/** Parses a word and one expression in parentheses. */
export function parseArgument(cursor: TokenCursor): Field {
  cursor.take();
  cursor.expect('(');
  const field = parseField(cursor);
  cursor.expect(')', 'expected an operator or ")"');
  return field;
}

/** Attributes and intrinsics in parentheses, at least one. */
export function parseNames(cursor: TokenCursor): NamedField[] {
  cursor.expect('(');
  const names: NamedField[] = [];
  do names.push(parseName(cursor));
  while (cursor.takeIf(','));
  cursor.expect(')', 'expected "," or ")"');
  return names;
}

/** One attribute or intrinsic. */
export function parseName(cursor: TokenCursor): NamedField {
  const name = namedField(cursor, cursor.peek);
  if (name === null) throw cursor.unexpected('expected an attribute or an intrinsic');
  cursor.take();
  return name;
}
