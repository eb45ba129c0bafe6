import type { Loaded } from '../app-data.ts';
import { cutText, textWidth } from '../layout/fit-text.ts';
import type { Part } from '../layout/styled-parts.ts';
import type { Context } from '../state/app-state.ts';
import type { Style } from '../theme.ts';

/** The dense part of a screen, ready to paint: everything between the title and the bottom line. */
export interface ScreenView {
  /** What is shown, in one line. */
  readonly facts: string;
  /** What stands above the rows: heads of the columns, or minimap and time axis; `Context.headRows` − 2 lines. */
  readonly head: readonly string[];
  /** `Context.bodyRows` rows. */
  readonly body: readonly string[];
  /** About the selection; a message stands here instead while there is one. */
  readonly about: readonly Part[];
  /** Which of how many the selection is. */
  readonly place: readonly Part[];
}

/** A screen that has nothing to show but a few words in its middle. */
export function emptyView(lines: readonly string[], context: Context, style?: Style): ScreenView {
  const above = Math.max(0, Math.floor((context.bodyRows - lines.length) / 2));
  const centred = lines.map((line) => {
    const text = cutText(line, context.columns - 4, context.theme.glyphs.ellipsis);
    const before = ' '.repeat(Math.max(0, Math.floor((context.columns - textWidth(text)) / 2)));
    return before + (style ? style(text) : text);
  });
  const body = [...Array<string>(above).fill(''), ...centred];
  return { facts: '', head: [], body, about: [], place: [] };
}

/** The view of what is not there: still being read, or failed. */
export function absentView(
  absent: Exclude<Loaded<unknown>, { status: 'ready' }>,
  what: string,
  context: Context,
): ScreenView {
  const { muted, error, glyphs } = context.theme;
  if (absent.status === 'loading') {
    return emptyView(
      [`reading ${what}${glyphs.ellipsis}`, ...progressLines(absent, context)],
      context,
      muted,
    );
  }
  const [first = '', ...rest] = absent.lines;
  return emptyView([`${glyphs.error} ${first}`, ...rest, '', 'Esc goes back'], context, error);
}

const PROGRESS_CELLS = 40;

/** How far it is; nothing is known in the beginning. */
function progressLines(
  { progress }: Extract<Loaded<unknown>, { status: 'loading' }>,
  { theme }: Context,
): string[] {
  if (!progress || progress.total === 0) return [];
  const { done, total, of } = progress;
  const { line, rule } = theme.glyphs;
  const cells = Math.min(PROGRESS_CELLS, Math.round((done / total) * PROGRESS_CELLS));
  const bar = line.full.repeat(cells) + rule.repeat(PROGRESS_CELLS - cells);
  const counts = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${of}`;
  const way = of === 'traces' ? 'Esc shows what is known by now' : 'Esc goes back';
  return ['', bar, counts, '', way];
}
