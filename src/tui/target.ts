import type { SpanId, TraceId } from '../model/ids.ts';
import type { TraceFilter } from '../model/trace-summary.ts';
import type { ItemsKind } from './state/app-state.ts';

/** Where a line leads. */
export type Target =
  | { readonly to: 'trace'; readonly traceId: TraceId; readonly spanId: SpanId | null }
  | {
      readonly to: 'traces';
      readonly service: string | null;
      readonly scope: TraceFilter;
      readonly sort?: 'duration' | 'errors';
    }
  | { readonly to: 'items'; readonly kind: ItemsKind; readonly subject: string }
  | { readonly to: 'dependencies' };
