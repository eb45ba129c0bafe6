import type { TraceNode } from '../../model/trace.ts';
import type { CommandId } from '../keymap.ts';
import { type DetailLook, detailLines } from '../layout/detail-rows.ts';
import type { DetailLine } from '../layout/detail-text.ts';
import { spanRank } from '../span-rank.ts';
import type { Context, SpanScreen, Step } from './app-state.ts';
import { rowOf } from './fold.ts';
import { rowsOf } from './list-cursor.ts';
import type { Outline } from './outline.ts';

type Command = (screen: SpanScreen, context: Context, outline: Outline) => Step;

const COMMANDS: Partial<Record<CommandId, Command>> = {
  'next-span': (screen, context, outline) => ({ screen: neighbour(screen, context, outline, 1) }),
  'previous-span': (screen, context, outline) => ({
    screen: neighbour(screen, context, outline, -1),
  }),
  'next-section': (screen, context) => ({ screen: section(screen, context, 1) }),
  'previous-section': (screen, context) => ({ screen: section(screen, context, -1) }),
  stacks: (screen) => ({ screen: { ...screen, showsStacks: !screen.showsStacks } }),
  'copy-trace': (screen) => copied(screen, screen.traceId, 'trace id'),
};

/** `outline` is what the waterfall below shows: neighbours are those that one sees there. */
export function spanCommand(
  screen: SpanScreen,
  command: CommandId,
  context: Context,
  outline: Outline,
): Step {
  const by = rowsOf(command, context.bodyRows);
  if (by !== null) return { screen: { ...screen, top: screen.top + by } };
  return COMMANDS[command]?.(screen, context, outline) ?? { screen };
}

/** The screen with its first line inside the text. */
export function settleSpan(screen: SpanScreen, context: Context): SpanScreen {
  const highest = Math.max(0, lines(screen, context).length - context.bodyRows);
  return { ...screen, top: Math.max(0, Math.min(highest, screen.top)) };
}

function lines(screen: SpanScreen, context: Context): readonly DetailLine[] {
  const view = context.data.trace(screen.traceId);
  const node = view.status === 'ready' ? view.value.nodes[screen.node] : undefined;
  return view.status === 'ready' && node
    ? detailLines(view.value, node, detailLook(screen, node, context))
    : [];
}

/** What the details of a span depend on besides the span. */
export function detailLook(screen: SpanScreen, node: TraceNode, context: Context): DetailLook {
  const { theme, columns, zone, data } = context;
  const analysis = data.analysis({});
  const rank = analysis.status === 'ready' ? spanRank(node, analysis.value.latency) : null;
  return { theme, columns, zone, rank, showsStacks: screen.showsStacks, words: screen.words };
}

/** The span above or below in the waterfall, as it is folded there. */
function neighbour(
  screen: SpanScreen,
  { data }: Context,
  outline: Outline,
  by: number,
): SpanScreen {
  const view = data.trace(screen.traceId);
  if (view.status !== 'ready') return screen;
  const { missing } = view.value;
  const visible = view.value.visible(outline);
  let row = rowOf(visible, screen.node) + by;
  // What stands for a missing parent has no details.
  while (missing.has(visible[row] ?? -1)) row += by;
  const node = visible[row] ?? screen.node;
  return node === screen.node ? screen : { ...screen, node, top: 0 };
}

/** Scrolls to the heading before or after the first line on the screen. */
function section(screen: SpanScreen, context: Context, by: 1 | -1): SpanScreen {
  const headings = lines(screen, context).flatMap(({ isHeading }, i) => (isHeading ? [i] : []));
  const next =
    by > 0 ? headings.find((i) => i > screen.top) : headings.findLast((i) => i < screen.top);
  return { ...screen, top: next ?? screen.top };
}

function copied(screen: SpanScreen, text: string, what: string): Step {
  return {
    screen,
    effect: { kind: 'copy', text },
    message: { text: `copied ${what} ${text}`, tone: 'plain' },
  };
}
