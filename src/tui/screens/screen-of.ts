import type { AppData } from '../app-data.ts';
import {
  type AppState,
  type Context,
  isItems,
  type Screen,
  topScreen,
} from '../state/app-state.ts';
import { analyzedFilters } from '../state/missing-data.ts';
import { compareView } from './compare-view.ts';
import { dependenciesView } from './dependencies-view.ts';
import { flameView } from './flame-view.ts';
import { itemsView } from './items-view.ts';
import type { ScreenView } from './screen-view.ts';
import { spanView } from './span-view.ts';
import { tracesView } from './traces-view.ts';
import type { WaterfallDrawing } from './waterfall-view.ts';

/** The dense part of the shown screen. */
export function screenView(
  state: AppState,
  context: Context,
  waterfall: WaterfallDrawing,
): ScreenView {
  const screen = topScreen(state);
  const view = viewOf(screen, context, waterfall);
  const unread = unreadTraces(screen, context.data);
  if (unread === 0) return view;
  const { glyphs, warning } = context.theme;
  const note = `${unread.toLocaleString('en')} newer traces left out, R reads them`;
  return { ...view, facts: ` ${warning(`${glyphs.alert}${note}`)} ${view.facts}` };
}

/** How many traces are missing from what the screen shows because somebody did not want to wait for them. */
function unreadTraces(screen: Screen, data: AppData): number {
  return analyzedFilters(screen).reduce((most, filter) => {
    const analysis = data.analysis(filter);
    return analysis.status === 'ready' ? Math.max(most, analysis.value.unread) : most;
  }, 0);
}

function viewOf(screen: Screen, context: Context, waterfall: WaterfallDrawing): ScreenView {
  if (isItems(screen)) return itemsView(screen, context);
  switch (screen.kind) {
    case 'traces':
      return tracesView(screen, context);
    case 'waterfall':
      return waterfall.view(screen, context);
    case 'span':
      return spanView(screen, context);
    case 'dependencies':
      return dependenciesView(screen, context);
    case 'flame':
      return flameView(screen, context);
    case 'compare':
      return compareView(screen, context);
  }
}
