import type { TraceNode } from '../../model/trace.ts';
import type { TraceView } from '../trace-view.ts';
import type { Context, Step, WaterfallScreen } from './app-state.ts';
import { type Fold, revealing, rowOf } from './fold.ts';
import { topCentering } from './list-cursor.ts';
import { type Outline, withFold, withGroup } from './outline.ts';

/** What a key does to a waterfall whose trace is there. */
export type WaterfallCommand = (screen: WaterfallScreen, view: TraceView, context: Context) => Step;

/** A command that changes the screen alone, knowing the selected span. */
export function change(
  next: (
    screen: WaterfallScreen,
    view: TraceView,
    node: TraceNode,
    context: Context,
  ) => Partial<WaterfallScreen>,
): WaterfallCommand {
  return (screen, view, context) => {
    const node = view.nodes[screen.selected];
    return { screen: node ? { ...screen, ...next(screen, view, node, context) } : screen };
  };
}

/** The screen with the span at `position` of `Trace.nodes` selected and in sight. */
export function showing(
  screen: WaterfallScreen,
  view: TraceView,
  position: number,
  bodyRows: number,
): WaterfallScreen {
  const node = view.nodes[position];
  if (!node) return screen;
  const outline = revealed(screen.outline, view, node);
  const visible = view.visible(outline);
  const row = rowOf(visible, position);
  return {
    ...screen,
    outline,
    selected: position,
    top: topCentering(screen.top, row, visible.length, bodyRows),
  };
}

/** `outline` with the span's ancestors open, and the groups that it and they are in. */
function revealed(outline: Outline, view: TraceView, node: TraceNode): Outline {
  const fold: Fold = revealing(outline.fold, node);
  let next = withFold(outline, fold);
  for (let at: TraceNode | null = node; at; at = at.parent) {
    const head = view.rows.closedGroup(next, at);
    if (head !== null && (head !== at.index || at !== node)) next = withGroup(next, head, true);
  }
  return next;
}
