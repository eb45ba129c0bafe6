import type { DroppedCounts, Span } from '../model/span.ts';

/** Fields that few spans have, in one JSON column. Absent means empty, nothing or false. */
export interface SpanExtra {
  traceState?: string;
  dropped?: DroppedCounts;
  shared?: true;
  debug?: true;
  warnings?: readonly string[];
}

/** Extra fields, as `encodeExtra` gives them, with further warnings. */
export function addWarnings(extra: string | null, warnings: readonly string[]): string {
  const fields: SpanExtra = extra === null ? {} : JSON.parse(extra);
  return JSON.stringify({ ...fields, warnings: [...(fields.warnings ?? []), ...warnings] });
}

/** The span's extra fields as JSON, null when it has none of them. */
export function encodeExtra(span: Span): string | null {
  const { origin, traceState } = span;
  const { attributes, events, links } = span.dropped;
  const extra: SpanExtra = {
    ...(traceState !== '' && { traceState }),
    ...(attributes + events + links > 0 && { dropped: { attributes, events, links } }),
    ...(origin.shared && { shared: true }),
    ...(origin.debug && { debug: true }),
    ...(origin.warnings.length > 0 && { warnings: origin.warnings }),
  };
  return Object.keys(extra).length === 0 ? null : JSON.stringify(extra);
}
