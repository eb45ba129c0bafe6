import { cutText, textWidth } from '../layout/fit-text.ts';
import { spreadParts } from '../layout/styled-parts.ts';
import type { AppState, Context, PromptPurpose } from '../state/app-state.ts';
import { hasChoices, shownChoices } from '../state/choice-commands.ts';
import { topShowing } from '../state/list-cursor.ts';

/** What the dialog of choices shows. */
export interface ChoiceList {
  readonly title: string;
  readonly lines: readonly string[];
  readonly widthCells: number;
  /** Which of the choices is in the first line. */
  readonly top: number;
}

const WIDEST = 96;
/** Border, padding and a margin on both sides. */
const AROUND_COLUMNS = 8;
/** Border, title, and the rows above and below that stay to be seen. */
const AROUND_ROWS = 7;

const TITLES: Readonly<Partial<Record<PromptPurpose, string>>> = {
  command: 'Commands',
  copy: 'Copy',
  act: 'Follow a link, or show spans with a value',
  'open-url': 'Open in',
};

/** The choices of the open prompt as lines; null when it has none. */
export function choiceList(state: AppState, context: Context): ChoiceList | null {
  const { prompt, columns, rows } = state;
  if (!prompt || !hasChoices(prompt)) return null;
  const choices = shownChoices(state, context);
  const { theme } = context;
  const widthCells = Math.min(WIDEST, columns - AROUND_COLUMNS);
  const height = Math.max(1, Math.min(choices.length, rows - AROUND_ROWS));
  const top = topShowing(0, prompt.chosen, choices.length, height);
  const lines = choices.slice(top, top + height).map(({ label, detail }, i) => {
    const isChosen = top + i === prompt.chosen;
    const { accent, muted, glyphs } = theme;
    const sign = isChosen ? accent(glyphs.cursor) : ' ';
    // What a choice is called is never cut for its value.
    const room = Math.max(0, widthCells - textWidth(label) - 4);
    const shown = cutText(detail, room, glyphs.ellipsis);
    const line = spreadParts([[` ${label}`]], [[shown, muted]], widthCells - 1, glyphs.ellipsis);
    return isChosen ? theme.selected(sign + line, '') : sign + line;
  });
  const place = choices.length > height ? `  ${prompt.chosen + 1} of ${choices.length}` : '';
  return {
    title: (TITLES[prompt.purpose] ?? '') + place,
    lines: lines.length > 0 ? lines : [' nothing to choose'],
    widthCells,
    top,
  };
}
