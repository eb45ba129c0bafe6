import type { CommandId } from '../keymap.ts';
import type { TraceView } from '../trace-view.ts';
import type { Context, Message, SpanScreen, Step, WaterfallScreen } from './app-state.ts';
import { flameScreen } from './flame-commands.ts';
import { rowOf } from './fold.ts';
import { FOLD_COMMANDS } from './fold-commands.ts';
import { jumpAmong } from './jumps.ts';
import { rowsOf, topShowing } from './list-cursor.ts';
import { withSieve } from './outline.ts';
import { SIEVE_COMMANDS } from './sieve-commands.ts';
import { change, showing, type WaterfallCommand } from './waterfall-change.ts';
import { ZOOM_COMMANDS } from './zoom-commands.ts';

const COMMANDS: Partial<Record<CommandId, WaterfallCommand>> = {
  ...FOLD_COMMANDS,
  ...SIEVE_COMMANDS,
  ...ZOOM_COMMANDS,
  open: (screen, view) =>
    view.missing.has(screen.selected)
      ? { screen, message: NOTHING_KNOWN }
      : { screen, push: spanScreen(screen) },
  flame: (screen) => ({
    screen,
    push: flameScreen({ kind: 'trace', traceId: screen.traceId }),
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
  'clock-time': change(({ showsClockTime }) => ({ showsClockTime: !showsClockTime })),
  'copy-trace': (screen) => copied(screen, screen.traceId, 'trace id'),
};

const NOTHING_KNOWN: Message = {
  text: 'this span is not in the data: nothing but its id is known',
  tone: 'warning',
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
  if (screen.soughtSpan !== null) return sought(screen, view.value, bodyRows);
  const visible = view.value.visible(screen.outline);
  const row = rowOf(visible, screen.selected);
  const top = topShowing(screen.top, row, visible.length, bodyRows);
  return { ...screen, selected: visible[row] ?? 0, top };
}

/** The trace has arrived: the span that one came for is selected. */
function sought(screen: WaterfallScreen, view: TraceView, bodyRows: number): WaterfallScreen {
  const node = view.nodes.find(({ span }) => span.spanId === screen.soughtSpan);
  const found = { ...screen, soughtSpan: null };
  return node ? showing(found, view, node.index, bodyRows) : found;
}

function movedBy(screen: WaterfallScreen, view: TraceView, by: number): WaterfallScreen {
  const visible = view.visible(screen.outline);
  const row = Math.max(0, Math.min(visible.length - 1, rowOf(visible, screen.selected) + by));
  return { ...screen, selected: visible[row] ?? 0 };
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
  const shown = view.rows.within(screen.outline, positions);
  const target = jumpAmong(shown, screen.selected, by);
  if (target === null) {
    const text = positions.length > 0 ? `no ${what} among the spans shown` : `no ${what}`;
    return { screen, message: { text, tone: 'warning' } };
  }
  const next = showing(screen, view, target.position, context.bodyRows);
  return target.isWrapped ? { screen: next, message: wrapped(by) } : { screen: next };
}

function wrapped(by: 1 | -1): Message {
  const text = by > 0 ? 'from the beginning' : 'from the end';
  return { text, tone: 'aside' };
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
  const matches = view.value.rows.within(before.outline, view.value.matches(text));
  const target = jumpAmong(matches, before.selected - 1, 1);
  return target === null ? screen : showing(screen, view.value, target.position, bodyRows);
}

/** The screen with only the spans that `filter` finds and their ancestors. */
export function sifting(before: WaterfallScreen, filter: string): WaterfallScreen {
  return { ...before, outline: withSieve(before.outline, { filter: filter.trim() }) };
}

function spanScreen({ traceId, selected }: WaterfallScreen): SpanScreen {
  return { kind: 'span', traceId, node: selected, top: 0, showsStacks: false, words: '' };
}

function copied(screen: WaterfallScreen, text: string, what: string): Step {
  return {
    screen,
    effect: { kind: 'copy', text },
    message: { text: `copied ${what} ${text}`, tone: 'plain' },
  };
}
