import type { Bookmark } from '../model/bookmark.ts';
import { type SpanId, spanId, type TraceId, traceId } from '../model/ids.ts';
import { connectionOf } from './connection.ts';
import { openStore, type Store } from './open-store.ts';

/** All bookmarks, the last one first. Those of traces that were removed since stay: their notes may matter still. */
export function listBookmarks(store: Store): Bookmark[] {
  const rows = connectionOf(store).all<readonly [Buffer, Buffer, string]>(
    'SELECT trace_id, span_id, note FROM bookmark_rows ORDER BY bookmark_key DESC',
  );
  return rows.flatMap(([trace, span, note]) => {
    const ids = { traceId: traceId(trace.toString('hex')), spanId: spanId(span.toString('hex')) };
    // Ids of no digits but zeros are none; nobody can have kept one.
    return ids.traceId === null || ids.spanId === null
      ? []
      : [{ traceId: ids.traceId, spanId: ids.spanId, note }];
  });
}

/** Keeps a bookmark; another one of the same span is replaced. The store may be open for reading: it is opened once more. */
export function keepBookmark(store: Store, { traceId: trace, spanId: span, note }: Bookmark): void {
  changing(store, (open) => {
    connectionOf(open).run(
      `INSERT INTO bookmark_rows (trace_id, span_id, note) VALUES (?, ?, ?)
       ON CONFLICT (trace_id, span_id) DO UPDATE SET note = excluded.note`,
      [Buffer.from(trace, 'hex'), Buffer.from(span, 'hex'), note],
    );
  });
}

/** Removes the bookmark of a span, if there is one. */
export function dropBookmark(store: Store, trace: TraceId, span: SpanId): void {
  changing(store, (open) => {
    connectionOf(open).run('DELETE FROM bookmark_rows WHERE trace_id = ? AND span_id = ?', [
      Buffer.from(trace, 'hex'),
      Buffer.from(span, 'hex'),
    ]);
  });
}

function changing(store: Store, change: (open: Store) => void): void {
  const open = openStore(store.path, 'change');
  try {
    change(open);
  } finally {
    open.close();
  }
}
