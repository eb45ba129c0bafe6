import type { TraceNode } from '../../model/trace.ts';
import { narrowText } from '../../report/clean-text.ts';
import type { CommandId } from '../keymap.ts';
import type { TraceView } from '../trace-view.ts';
import type { Step, WaterfallScreen } from './app-state.ts';
import { type Outline, withSieve } from './outline.ts';
import { zoomedTo } from './time-window.ts';
import { change, type WaterfallCommand } from './waterfall-change.ts';
import { withWindow } from './zoom-commands.ts';

/** Commands that choose which spans are shown at all. */
export const SIEVE_COMMANDS: Partial<Record<CommandId, WaterfallCommand>> = {
  'critical-only': change(({ outline }) => ({
    outline: withSieve(outline, { isCriticalOnly: !outline.sieve.isCriticalOnly }),
  })),
  'hide-service': hideService,
  'isolate-service': change(({ outline }, view, { index, service }) => {
    if (view.missing.has(index)) return {};
    const isolated = outline.sieve.isolated === service ? null : service;
    return { outline: withSieve(outline, { isolated, hidden: new Set() }) };
  }),
  'new-root': newRoot,
};

function hideService(screen: WaterfallScreen, view: TraceView): Step {
  const service = view.nodes[screen.selected]?.service;
  const { outline } = screen;
  if (service === undefined || view.missing.has(screen.selected)) return { screen };
  const hidden = new Set([...outline.sieve.hidden, service]);
  if (hidden.size >= view.serviceColors.size) {
    return { screen, message: { text: 'that is the last service', tone: 'warning' } };
  }
  const text = `spans of ${narrowText(service)} are hidden; Esc shows them again`;
  return {
    screen: { ...screen, outline: withSieve(outline, { hidden, isolated: null }) },
    message: { text, tone: 'plain' },
  };
}

/** The selected span's subtree alone, over its own time; once more shows the whole trace. */
function newRoot(screen: WaterfallScreen, view: TraceView): Step {
  const node: TraceNode | undefined = view.nodes[screen.selected];
  if (!node) return { screen };
  const isRoot = screen.outline.root === node.index;
  const outline: Outline = { ...screen.outline, root: isRoot ? null : node.index };
  const window = isRoot ? null : zoomedTo(node, view.trace.durationNs);
  return { screen: { ...withWindow(screen, window), outline } };
}
