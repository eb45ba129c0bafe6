import { narrowText } from '../report/clean-text.ts';
import type { ChromeState } from './components/chrome-state.ts';
import { dialogBox } from './layout/dialog-box.ts';
import { spreadParts } from './layout/styled-parts.ts';
import { screenView } from './screens/screen-of.ts';
import type { ScreenView } from './screens/screen-view.ts';
import type { WaterfallDrawing } from './screens/waterfall-view.ts';
import type { AppState, Context } from './state/app-state.ts';
import type { Layer } from './terminal/screen.ts';

/** The layers of a frame: Ink's pieces in their places, and the dense rows between them. */
export function composeFrame(
  state: AppState,
  context: Context,
  chrome: ChromeState,
  inkLines: readonly string[],
  waterfall: WaterfallDrawing,
): Layer[] {
  const { columns, rows } = state;
  const whole = { x: 0, width: columns };
  if (chrome.warning) return [{ ...whole, y: 0, height: rows, lines: inkLines }];
  const [title = '', bottom = '', ...dialog] = inkLines;
  const view = screenView(state, context, waterfall);
  const status = statusLine(state, view, context);
  const layers: Layer[] = [
    { ...whole, y: 0, height: context.headRows, lines: [title, view.facts, ...view.head] },
    { ...whole, y: context.headRows, height: context.bodyRows, lines: view.body, scrolls: true },
    { ...whole, y: context.headRows + context.bodyRows, height: 2, lines: [status, bottom] },
  ];
  if (chrome.choices) {
    const { widthCells, lines } = chrome.choices;
    layers.push({ ...dialogBox(widthCells, lines.length, state), lines: dialog });
  }
  if (chrome.help) {
    const { widthCells, visibleRows } = chrome.help;
    layers.push({ ...dialogBox(widthCells, visibleRows, state), lines: dialog });
  }
  return layers;
}

function statusLine({ message, columns }: AppState, view: ScreenView, { theme }: Context): string {
  const { ellipsis } = theme.glyphs;
  if (!message) return spreadParts(view.about, view.place, columns, ellipsis);
  const text = narrowText(message.text);
  if (message.tone === 'aside') {
    return spreadParts(
      view.about,
      [[`${text}  `, theme.success], ...view.place],
      columns,
      ellipsis,
    );
  }
  const style = message.tone === 'warning' ? theme.warning : theme.success;
  return spreadParts([[' '], [text, style]], view.place, columns, ellipsis);
}
