import type { Bookmark } from '../../model/bookmark.ts';
import { type AppState, type Context, topScreen } from './app-state.ts';
import type { Outcome } from './outcome.ts';

/** Keeps the selected span with what was typed about it. */
export function noted(state: AppState, note: string, { data }: Context): Outcome {
  const closed: AppState = { ...state, prompt: null };
  const screen = topScreen(closed);
  if (screen.kind !== 'waterfall' && screen.kind !== 'span') return { state: closed, effects: [] };
  const view = data.trace(screen.traceId);
  const at = screen.kind === 'span' ? screen.node : screen.selected;
  const span = view.status === 'ready' ? view.value.nodes[at]?.span : undefined;
  if (!span || (view.status === 'ready' && view.value.missing.has(at)))
    return { state: closed, effects: [] };
  const bookmark: Bookmark = { traceId: screen.traceId, spanId: span.spanId, note: note.trim() };
  const message = { text: 'kept as a bookmark; : bookmarks lists them', tone: 'plain' } as const;
  return { state: { ...closed, message }, effects: [{ kind: 'keep-bookmark', bookmark }] };
}
