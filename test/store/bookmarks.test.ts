import { expect, test } from 'vitest';
import { dropBookmark, keepBookmark, listBookmarks } from '../../src/store/bookmarks.ts';
import { openTemporaryStore } from '../../src/store/open-store.ts';
import { spanIdOf, traceIdOf } from '../helpers/span-of.ts';

const TRACE = traceIdOf('0af7651916cd43dd');
const [A, B] = [spanIdOf('b7ad6b7169203331'), spanIdOf('f067aa0ba902b7')];

test('bookmarks come back last one first; a second one of a span replaces its note', () => {
  const store = openTemporaryStore();
  try {
    keepBookmark(store, { traceId: TRACE, spanId: A, note: 'first' });
    keepBookmark(store, { traceId: TRACE, spanId: B, note: '' });
    keepBookmark(store, { traceId: TRACE, spanId: A, note: 'ünd 🚀' });
    expect(listBookmarks(store)).toEqual([
      { traceId: TRACE, spanId: B, note: '' },
      { traceId: TRACE, spanId: A, note: 'ünd 🚀' },
    ]);
    dropBookmark(store, TRACE, B);
    dropBookmark(store, TRACE, B);
    expect(listBookmarks(store).map((bookmark) => bookmark.spanId)).toEqual([A]);
  } finally {
    store.close();
  }
});
