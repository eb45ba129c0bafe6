import type { Bookmark } from '../../model/bookmark.ts';
import type { TraceId } from '../../model/ids.ts';
import type { TraceFilter } from '../../model/trace-summary.ts';

/** Something to do outside of the state. */
export type Effect =
  | { readonly kind: 'quit' }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'open-url'; readonly url: string }
  | { readonly kind: 'load-trace'; readonly traceId: TraceId }
  /** Work out what is known of the traces together; a screen that shows it has been opened. */
  | { readonly kind: 'analyze'; readonly filter: TraceFilter }
  /** Ask which traces a query finds; the answer is an event. */
  | { readonly kind: 'find'; readonly text: string; readonly filter: TraceFilter }
  | { readonly kind: 'keep-bookmark'; readonly bookmark: Bookmark }
  | { readonly kind: 'drop-bookmark'; readonly bookmark: Bookmark }
  /** A query is going to be typed. */
  | { readonly kind: 'load-words' }
  | { readonly kind: 'stop-analysis' }
  /** Forget what was worked out of these traces; what is missing on the screen is worked out again. */
  | { readonly kind: 'reload'; readonly filters: readonly TraceFilter[] }
  | { readonly kind: 'load-points'; readonly filter: TraceFilter }
  /** Apply the typed filter when no key has come for a moment. */
  | { readonly kind: 'filter-soon' };
