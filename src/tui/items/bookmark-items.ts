import type { Bookmark } from '../../model/bookmark.ts';
import { narrowText } from '../../report/clean-text.ts';
import { shortTraceId } from '../../report/trace-id-text.ts';
import type { ItemList, ItemLook } from './list-item.ts';

/** What the user wanted to find again, the last one first. */
export function bookmarkItems(bookmarks: readonly Bookmark[], { theme }: ItemLook): ItemList {
  const { strong, muted, accent } = theme;
  return {
    facts: [
      [` ${bookmarks.length}`, strong],
      [bookmarks.length === 1 ? ' bookmark' : ' bookmarks'],
    ],
    head: [['trace and note', muted]],
    items: bookmarks.map(({ traceId, spanId, note }) => ({
      parts: [[shortTraceId(traceId), accent], [`  ${narrowText(note) || '(no note)'}`]],
      right: [[`span ${spanId} `, muted]],
      target: { to: 'trace', traceId, spanId },
      about: [['Enter opens the span, x removes the bookmark', muted]],
    })),
    empty: 'no bookmarks: m keeps the selected span as one',
  };
}
