import type { TraceNode } from '../../model/trace.ts';
import type { CommandId } from '../keymap.ts';
import type { TraceView } from '../trace-view.ts';
import type { Context, Message, Step, WaterfallScreen } from './app-state.ts';
import {
  ALL_CLOSED,
  ALL_OPEN,
  type Fold,
  foldToLevel,
  isOpen,
  revealing,
  rowOf,
  withOpen,
} from './fold.ts';
import { jumpAmong } from './jumps.ts';
import { rowsOf, topCentering, topShowing } from './list-cursor.ts';
import { panned, zoomedBy, zoomedTo } from './time-window.ts';

type Command = (screen: WaterfallScreen, view: TraceView, context: Context) => Step;

/** Commands that change the screen alone. */
function change(
  next: (screen: WaterfallScreen, view: TraceView, node: TraceNode) => Partial<WaterfallScreen>,
): Command {
  return (screen, view) => {
    const node = view.nodes[screen.selected];
    return { screen: node ? { ...screen, ...next(screen, view, node) } : screen };
  };
}

const COMMANDS: Partial<Record<CommandId, Command>> = {
  open: (screen) => ({
    screen,
    push: { kind: 'span', traceId: screen.traceId, node: screen.selected, top: 0 },
  }),
  'next-match': (screen, view, context) => jumpToMatch(screen, view, context, 1),
  'previous-match': (screen, view, context) => jumpToMatch(screen, view, context, -1),
  'next-error': (screen, view, context) => jump(screen, view, context, view.errors, 1, 'error'),
  'previous-error': (screen, view, context) =>
    jump(screen, view, context, view.errors, -1, 'error'),
  'next-critical': (screen, view, context) =>
    jump(screen, view, context, view.critical, 1, 'span on the critical path'),
  'previous-critical': (screen, view, context) =>
    jump(screen, view, context, view.critical, -1, 'span on the critical path'),
  'critical-path': change(({ showsCriticalPath }) => ({ showsCriticalPath: !showsCriticalPath })),
  'self-time': change(({ showsSelfTime }) => ({ showsSelfTime: !showsSelfTime })),
  'zoom-span': change((_, view, node) => ({ window: zoomedTo(node, view.trace.durationNs) })),
  'zoom-in': change((screen, view, node) => ({ window: zoomedBy(screen, view, node, 0.5) })),
  'zoom-out': change((screen, view, node) => ({ window: zoomedBy(screen, view, node, 2) })),
  'zoom-reset': change(() => ({ window: null })),
  'pan-left': change((screen, view) => ({ window: panned(screen, view, -0.25) })),
  'pan-right': change((screen, view) => ({ window: panned(screen, view, 0.25) })),
  fold: change(({ fold }, _, node) =>
    node.children.length === 0 ? {} : { fold: withOpen(fold, node, !isOpen(fold, node)) },
  ),
  collapse: change(({ fold }, _, node) =>
    node.children.length > 0 && isOpen(fold, node)
      ? { fold: withOpen(fold, node, false) }
      : { selected: node.parent?.index ?? node.index },
  ),
  expand: change(({ fold }, _, node) =>
    isOpen(fold, node)
      ? { selected: node.children[0]?.index ?? node.index }
      : { fold: withOpen(fold, node, true) },
  ),
  'expand-all': change(() => ({ fold: ALL_OPEN })),
  'collapse-all': change(() => ({ fold: ALL_CLOSED })),
  'expand-level': change(({ fold }, { deepest }) => ({ fold: foldToLevel(fold, 1, deepest) })),
  'collapse-level': change(({ fold }, { deepest }) => ({ fold: foldToLevel(fold, -1, deepest) })),
  copy: (screen, view) => {
    const text = view.nodes[screen.selected]?.span.spanId ?? '';
    return copied(screen, text, 'span id');
  },
  'copy-trace': (screen) => copied(screen, screen.traceId, 'trace id'),
};

export function waterfallCommand(
  screen: WaterfallScreen,
  command: CommandId,
  context: Context,
): Step {
  const view = context.data.trace(screen.traceId);
  if (view.status !== 'ready') return { screen };
  const by = rowsOf(command, context.bodyRows);
  if (by !== null) return { screen: movedBy(screen, view.value, by) };
  return COMMANDS[command]?.(screen, view.value, context) ?? { screen };
}

/** The screen with selection and scroll position inside the visible spans. */
export function settleWaterfall(
  screen: WaterfallScreen,
  { data, bodyRows }: Context,
): WaterfallScreen {
  const view = data.trace(screen.traceId);
  if (view.status !== 'ready') return screen;
  const visible = view.value.visible(screen.fold);
  const row = rowOf(visible, screen.selected);
  const top = topShowing(screen.top, row, visible.length, bodyRows);
  return { ...screen, selected: visible[row] ?? 0, top };
}

function movedBy(screen: WaterfallScreen, view: TraceView, by: number): WaterfallScreen {
  const visible = view.visible(screen.fold);
  const row = Math.max(0, Math.min(visible.length - 1, rowOf(visible, screen.selected) + by));
  return { ...screen, selected: visible[row] ?? 0 };
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
  const fold: Fold = revealing(screen.fold, node);
  const visible = view.visible(fold);
  const row = rowOf(visible, position);
  return {
    ...screen,
    fold,
    selected: position,
    top: topCentering(screen.top, row, visible.length, bodyRows),
  };
}

function jumpToMatch(screen: WaterfallScreen, view: TraceView, context: Context, by: 1 | -1): Step {
  if (screen.search === '') {
    return { screen, message: { text: 'nothing searched for yet: press /', tone: 'warning' } };
  }
  return jump(screen, view, context, view.matches(screen.search), by, 'match');
}

/** Selects the next of `positions` in a direction, going round at the ends. */
function jump(
  screen: WaterfallScreen,
  view: TraceView,
  context: Context,
  positions: Int32Array,
  by: 1 | -1,
  what: string,
): Step {
  const target = jumpAmong(positions, screen.selected, by);
  if (target === null) return { screen, message: { text: `no ${what}`, tone: 'warning' } };
  const next = showing(screen, view, target.position, context.bodyRows);
  return target.isWrapped ? { screen: next, message: wrapped(by) } : { screen: next };
}

function wrapped(by: 1 | -1): Message {
  const text = by > 0 ? 'went on from the beginning' : 'went on from the end';
  return { text, tone: 'plain' };
}

/** The screen while `text` is being typed: the first match from where the user was, if there is one. */
export function searching(
  before: WaterfallScreen,
  text: string,
  { data, bodyRows }: Context,
): WaterfallScreen {
  const view = data.trace(before.traceId);
  const screen = { ...before, search: text };
  if (view.status !== 'ready' || text === '') return screen;
  // One before the selection, so that a match under the cursor counts.
  const target = jumpAmong(view.value.matches(text), before.selected - 1, 1);
  return target === null ? screen : showing(screen, view.value, target.position, bodyRows);
}

function copied(screen: WaterfallScreen, text: string, what: string): Step {
  return {
    screen,
    effect: { kind: 'copy', text },
    message: { text: `copied ${what} ${text}`, tone: 'plain' },
  };
}
