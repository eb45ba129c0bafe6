import { leftOutText } from '../../report/left-out.ts';
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
  const notes = missingNotes(screen, context.data);
  if (notes.length === 0) return view;
  const { glyphs, warning } = context.theme;
  return { ...view, facts: ` ${warning(`${glyphs.alert}${notes.join('; ')}`)} ${view.facts}` };
}

/** Which traces are missing from what the screen shows: nobody wanted to wait for them, or memory would not hold them. */
function missingNotes(screen: Screen, data: AppData): string[] {
  let unread = 0;
  const notes = new Set<string>();
  for (const filter of analyzedFilters(screen)) {
    const analysis = data.analysis(filter);
    if (analysis.status !== 'ready') continue;
    unread = Math.max(unread, analysis.value.unread);
    if (analysis.value.leftOut) notes.add(leftOutText(analysis.value.leftOut));
  }
  if (unread > 0) notes.add(`${unread.toLocaleString('en')} newer traces left out, R reads them`);
  return [...notes];
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
