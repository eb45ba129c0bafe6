import { shortTraceId } from '../../report/trace-id-text.ts';
import { spanJson, spanMarkdown, traceJson, traceMarkdown } from '../span-text.ts';
import type { TraceView } from '../trace-view.ts';
import { type AppState, type Context, type Screen, topScreen } from './app-state.ts';
import type { Outcome } from './outcome.ts';

/** What a screen is written to unless one types another name. */
export function fileNameFor(screen: Screen): string {
  if (screen.kind === 'span') return `span-${shortTraceId(screen.traceId)}-${screen.node + 1}.md`;
  return screen.kind === 'waterfall' ? `trace-${shortTraceId(screen.traceId)}.json` : 'trace.json';
}

/** Writes the trace or span: as JSON where the name ends so, else as Markdown. */
export function written(state: AppState, path: string, { data }: Context): Outcome {
  const closed: AppState = { ...state, prompt: null };
  const screen = topScreen(closed);
  if (path.trim() === '' || (screen.kind !== 'waterfall' && screen.kind !== 'span')) {
    return { state: closed, effects: [] };
  }
  const view = data.trace(screen.traceId);
  if (view.status !== 'ready') return { state: closed, effects: [] };
  const text = textFor(screen, view.value, path.endsWith('.json'));
  return { state: closed, effects: [{ kind: 'write', path: path.trim(), text }] };
}

function textFor(
  screen: Extract<Screen, { kind: 'waterfall' | 'span' }>,
  view: TraceView,
  isJson: boolean,
): string {
  const node = screen.kind === 'span' ? view.nodes[screen.node] : undefined;
  if (node) return isJson ? `${spanJson(node, view)}\n` : spanMarkdown(node, view);
  return isJson ? `${traceJson(view)}\n` : traceMarkdown(view);
}
