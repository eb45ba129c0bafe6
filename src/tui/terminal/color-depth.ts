/** How many colours to use: none (NO_COLOR: bold, underline and inverse only), the 16 of every terminal, 256, or 24 bits. */
export type ColorDepth = 'none' | '16' | '256' | 'truecolor';

type Environment = Readonly<Record<string, string | undefined>>;

const TRUECOLOR_TERMS = /-direct$|kitty|ghostty|alacritty|foot|wezterm/;
const FORCED: Readonly<Record<string, ColorDepth>> = {
  '0': 'none',
  false: 'none',
  '2': '256',
  '3': 'truecolor',
};

/**
 * The terminal's colours as the environment tells. Not Node's `getColorDepth`, which takes an empty NO_COLOR for set, gives one
 * colour to alacritty and foot and 16 to kitty.
 */
export function colorDepth(env: Environment): ColorDepth {
  const { NO_COLOR, FORCE_COLOR, COLORTERM, TERM = '', TERM_PROGRAM } = env;
  if (NO_COLOR) return 'none';
  if (FORCE_COLOR !== undefined) return FORCED[FORCE_COLOR] ?? '16';
  if (TERM === 'dumb') return 'none';
  if (COLORTERM === 'truecolor' || COLORTERM === '24bit') return 'truecolor';
  if (TRUECOLOR_TERMS.test(TERM)) return 'truecolor';
  if (TERM_PROGRAM === 'iTerm.app' || TERM_PROGRAM === 'WezTerm') return 'truecolor';
  return TERM.includes('256color') ? '256' : '16';
}

/**
 * Whether the terminal draws box lines and blocks: not when the locale says that it has another character set, and not the Linux
 * console, whose font lacks eighths. No locale at all (containers) says nothing; terminals are UTF-8 today.
 */
export function drawsUnicode(env: Environment): boolean {
  const { LC_ALL, LC_CTYPE, LANG, TERM } = env;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value);
  if (TERM === 'linux' || TERM === 'dumb') return false;
  return locale === undefined || /utf-?8/i.test(locale);
}

/** Whether the terminal says that its background is light (rxvt, Konsole and others set COLORFGBG to `foreground;background`). */
export function hasLightBackground(env: Environment): boolean {
  const background = Number(env['COLORFGBG']?.split(';').at(-1) ?? Number.NaN);
  return background === 7 || (background >= 9 && background <= 15);
}
