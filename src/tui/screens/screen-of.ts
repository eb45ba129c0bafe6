import { type AppState, type Context, isItems, topScreen } from '../state/app-state.ts';
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
