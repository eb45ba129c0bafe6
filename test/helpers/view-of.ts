import type { Span } from '../../src/model/span.ts';
import { packView } from '../../src/tui/pack-view.ts';
import { TraceView } from '../../src/tui/trace-view.ts';

/** What the explorer shows of a trace. */
export function viewOf(spans: readonly Span[]): TraceView {
  return new TraceView(packView(spans));
}
