import type { CommandId } from '../keymap.ts';
import type { TimeWindow } from '../layout/bars.ts';
import type { WaterfallScreen } from './app-state.ts';
import { panned, zoomedBy, zoomedTo } from './time-window.ts';
import { change, type WaterfallCommand } from './waterfall-change.ts';

/** Windows that one can go back through. */
const MOST_BEFORE = 20;

/** Part of the shown time that one step pans by. */
const PAN = 0.25;

/** Commands that change which time is shown. */
export const ZOOM_COMMANDS: Partial<Record<CommandId, WaterfallCommand>> = {
  'zoom-span': change((screen, view, node) =>
    withWindow(screen, zoomedTo(node, view.trace.durationNs)),
  ),
  'zoom-in': change((screen, view, node) => withWindow(screen, zoomedBy(screen, view, node, 0.5))),
  'zoom-out': change((screen, view, node) => withWindow(screen, zoomedBy(screen, view, node, 2))),
  'zoom-reset': change((screen) => withWindow(screen, null)),
  'zoom-back': change(({ windowsBefore }) => ({
    window: windowsBefore.at(-1) ?? null,
    windowsBefore: windowsBefore.slice(0, -1),
  })),
  'pan-left': change((screen, view) => ({ window: panned(screen, view, -PAN) })),
  'pan-right': change((screen, view) => ({ window: panned(screen, view, PAN) })),
};

/** The screen over another time; the one before is remembered. */
export function withWindow(screen: WaterfallScreen, window: TimeWindow | null): WaterfallScreen {
  if (isSame(window, screen.window)) return screen;
  const windowsBefore = [...screen.windowsBefore, screen.window].slice(-MOST_BEFORE);
  return { ...screen, window, windowsBefore };
}

function isSame(a: TimeWindow | null, b: TimeWindow | null): boolean {
  return a?.startNs === b?.startNs && a?.endNs === b?.endNs;
}
