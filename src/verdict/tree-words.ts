import type { SpanId } from '../model/ids.ts';
import { STATUS_CODES } from '../model/span.ts';
import { spanIdOfWords } from '../model/span-id-words.ts';
import type { SpanTree } from '../model/span-tree.ts';

/** What the status of a failed span is in a tree's column. */
export const ERROR = STATUS_CODES.indexOf('error');

/** The id of a span by its place in the tree. */
export function spanIdOf({ idHigh, idLow }: SpanTree, span: number): SpanId {
  return spanIdOfWords(idHigh[span] ?? 0, idLow[span] ?? 0);
}
