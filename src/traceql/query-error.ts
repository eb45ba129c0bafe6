import { UserError } from '../model/user-error.ts';
import type { Place } from './query.ts';

/** A query that cannot be run: what is wrong, the line it stands in with a caret below, and what to write instead. */
export class QueryError extends UserError {
  /** What the caret points at. */
  readonly place: Place;

  constructor(
    query: string,
    place: Place,
    what: string,
    help: { readonly expected?: string; readonly fix?: string } = {},
  ) {
    super('usage', what, {
      where: pointAt(query, place, help.expected ?? ''),
      ...(help.fix !== undefined && { fix: help.fix }),
    });
    this.place = place;
  }
}

/**
 * The line of a query that a place begins in, and below it carets under the place:
 *
 *     1 | { duration > "5s" }
 *       |              ^^^^ expected a number or a duration
 */
function pointAt(query: string, { at, end }: Place, note: string): string[] {
  const before = query.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineNumber = String(before.split('\n').length);
  const [line = ''] = query.slice(lineStart).split('\n');
  const margin = ' '.repeat(lineNumber.length);
  const indent = ' '.repeat(lengthOf(query.slice(lineStart, at)));
  const marked = query.slice(at, Math.min(end, lineStart + line.length));
  const carets = '^'.repeat(Math.max(1, lengthOf(marked)));
  return [
    `${lineNumber} | ${line.replaceAll('\t', ' ')}`,
    `${margin} | ${indent}${carets} ${note}`.trimEnd(),
  ];
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
