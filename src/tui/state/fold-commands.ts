import type { TraceNode } from '../../model/trace.ts';
import type { CommandId } from '../keymap.ts';
import type { TraceView } from '../trace-view.ts';
import type { WaterfallScreen } from './app-state.ts';
import { ALL_CLOSED, ALL_OPEN, foldAt, foldToLevel, isOpen, withOpen } from './fold.ts';
import { drawsGroups, type Outline, withFold, withGroup } from './outline.ts';
import { change, type WaterfallCommand } from './waterfall-change.ts';

/** Commands that open and close spans and groups. */
export const FOLD_COMMANDS: Partial<Record<CommandId, WaterfallCommand>> = {
  fold: change(toggled),
  collapse: change(collapsed),
  expand: change(expanded),
  'expand-all': refolded(() => ALL_OPEN),
  'collapse-all': refolded(() => ALL_CLOSED),
  'expand-level': refolded(({ fold }, { deepest }) => foldToLevel(fold, 1, deepest)),
  'collapse-level': refolded(({ fold }, { deepest }) => foldToLevel(fold, -1, deepest)),
  'fold-depth': change(({ outline }, view, _, { key }) => {
    const base = view.nodes[outline.root ?? 0]?.depth ?? 0;
    const depth = base + Number(key) - 1;
    return { outline: withFold(outline, foldAt(depth, view.deepest)) };
  }),
  group: change(({ outline }) => ({
    outline: { ...outline, groupsSiblings: !outline.groupsSiblings, openGroups: new Set() },
  })),
};

function refolded(fold: (outline: Outline, view: TraceView) => Outline['fold']): WaterfallCommand {
  return change(({ outline }, view) => ({
    outline: { ...withFold(outline, fold(outline, view)), openGroups: new Set() },
  }));
}

type Change = Partial<WaterfallScreen>;

function toggled({ outline }: WaterfallScreen, view: TraceView, node: TraceNode): Change {
  const group = view.rows.closedGroup(outline, node);
  if (group !== null) return { outline: withGroup(outline, group, true) };
  if (node.children.length === 0) return closedGroupOf(outline, view, node) ?? {};
  const { fold } = outline;
  return { outline: withFold(outline, withOpen(fold, node, !isOpen(fold, node))) };
}

/** Folds the span; one that is folded closes its group, or goes to its parent. */
function collapsed({ outline }: WaterfallScreen, view: TraceView, node: TraceNode): Change {
  const isGroup = view.rows.closedGroup(outline, node) !== null;
  if (!isGroup && node.children.length > 0 && isOpen(outline.fold, node)) {
    return { outline: withFold(outline, withOpen(outline.fold, node, false)) };
  }
  const closed = isGroup ? null : closedGroupOf(outline, view, node);
  if (closed) return closed;
  const parent = node.index === outline.root ? null : node.parent;
  return { selected: parent?.index ?? node.index };
}

function expanded({ outline }: WaterfallScreen, view: TraceView, node: TraceNode): Change {
  const group = view.rows.closedGroup(outline, node);
  if (group !== null) return { outline: withGroup(outline, group, true) };
  if (isOpen(outline.fold, node)) return { selected: node.children[0]?.index ?? node.index };
  return { outline: withFold(outline, withOpen(outline.fold, node, true)) };
}

/** The open group of the span closed again; null when it is in none. */
function closedGroupOf(outline: Outline, view: TraceView, node: TraceNode): Change | null {
  const head = view.rows.groups.heads[node.index] ?? -1;
  if (head < 0 || !outline.openGroups.has(head) || !drawsGroups(outline)) return null;
  return { outline: withGroup(outline, head, false), selected: head };
}
