import { ASCII_GLYPHS, type Glyphs, SPOKEN_GLYPHS, UNICODE_GLYPHS } from './glyphs.ts';
import {
  asBackground,
  type Color,
  type ColorChoices,
  DARK,
  foreground,
  LIGHT,
  type Palette,
  withColors,
} from './palette.ts';
import {
  type ColorDepth,
  colorDepth,
  drawsUnicode,
  hasLightBackground,
} from './terminal/color-depth.ts';

/** Puts a look on a text and takes it off again, leaving background and other attributes as they were around it. */
export type Style = (text: string) => string;

/** Looks by meaning. Rows only concatenate; nobody else writes colours. */
export interface Theme {
  readonly glyphs: Glyphs;
  readonly isColored: boolean;
  readonly isUnicode: boolean;
  readonly error: Style;
  readonly warning: Style;
  readonly success: Style;
  /** Secondary text: units, counts, hints. */
  readonly muted: Style;
  /** Guides and grid lines. */
  readonly faint: Style;
  readonly strong: Style;
  /** Titles, keys, the active column. */
  readonly accent: Style;
  readonly criticalPath: Style;
  /** The found part of a text. */
  readonly match: Style;
  /** A stretch that the mouse marks. */
  readonly marked: Style;
  /** Thin bars. */
  readonly bar: Style;
  readonly header: Style;
  /** The selected row: `line` is the text, `drawing` what must keep its colours. */
  readonly selected: (line: string, drawing: string) => string;
  /** A filled box in the `index`-th service's colour; without colours inverted or not, so that neighbours differ. */
  readonly block: (text: string, index: number, isSelected: boolean) => string;
  /** SGR parameters of bars that are not about a service; '' without colours. */
  readonly barColor: string;
  readonly errorColor: string;
  /** SGR parameters of the `index`-th colour for services; '' without colours. */
  readonly serviceColor: (index: number) => string;
  /** The sign of the `index`-th service: one for all where colours tell them apart. */
  readonly serviceGlyph: (index: number) => string;
}

export interface ThemeOptions {
  readonly depth: ColorDepth;
  readonly isUnicode: boolean;
  readonly isLight: boolean;
  readonly colors?: ColorChoices;
}

/** The theme that suits the terminal. `depth` overrides what the environment says (the user's `--color`). */
export function themeFor(
  env: Readonly<Record<string, string | undefined>>,
  depth: ColorDepth = colorDepth(env),
  { background = 'auto', colors = new Map() }: ThemeChoice = {},
): Theme {
  const isLight = background === 'auto' ? hasLightBackground(env) : background === 'light';
  return createTheme({ depth, isUnicode: drawsUnicode(env), isLight, colors });
}

export const BACKGROUNDS = ['auto', 'dark', 'light'] as const;

/** What the user has chosen of the theme. */
export interface ThemeChoice {
  readonly background?: (typeof BACKGROUNDS)[number];
  readonly colors?: ColorChoices;
}

/** For lines that are read aloud: neither colours nor drawings. */
export function spokenTheme(): Theme {
  const theme = createTheme({ depth: 'none', isUnicode: false, isLight: false });
  return { ...theme, glyphs: SPOKEN_GLYPHS, serviceGlyph: () => '' };
}

export function createTheme({ depth, isUnicode, isLight, colors }: ThemeOptions): Theme {
  const palette = withColors(isLight ? LIGHT : DARK, colors ?? new Map());
  const glyphs = isUnicode ? UNICODE_GLYPHS : ASCII_GLYPHS;
  const isColored = depth !== 'none';
  const ink = (color: Color): Style => style(foreground(color, depth), '39');
  const services = palette.services.map((color) => foreground(color, depth));
  return {
    glyphs,
    isColored,
    isUnicode,
    error: isColored ? ink(palette.error) : BOLD,
    warning: isColored ? ink(palette.warning) : BOLD,
    success: ink(palette.success),
    muted: isColored ? ink(palette.muted) : PLAIN,
    faint: isColored ? ink(palette.faint) : DIM,
    strong: BOLD,
    accent: isColored ? ink(palette.accent) : BOLD,
    criticalPath: isColored ? ink(palette.criticalPath) : BOLD,
    bar: ink(palette.bar),
    match: isColored ? matchStyle(palette, depth) : style('1;4;7', '22;24;27'),
    marked: INVERSE,
    header: style('1', '22'),
    selected: selectedStyle(palette, depth),
    block: blockStyle(palette, depth),
    barColor: foreground(palette.bar, depth),
    errorColor: foreground(palette.errorBar, depth),
    serviceColor: (index) => services[index % services.length] ?? '',
    serviceGlyph: (index) =>
      isColored ? glyphs.bullet : (glyphs.services[index % glyphs.services.length] ?? ''),
  };
}

const PLAIN: Style = (text) => text;
const BOLD = style('1', '22');
const DIM = style('2', '22');
const INVERSE = style('7', '27');

function style(on: string, off: string): Style {
  return on === '' ? PLAIN : (text) => `\x1b[${on}m${text}\x1b[${off}m`;
}

function matchStyle(palette: Palette, depth: ColorDepth): Style {
  const text = foreground(palette.matchText, depth);
  const background = asBackground(foreground(palette.matchBackground, depth), depth);
  return style(`${text};${background}`, '39;49');
}

/** Dark text on light colours and the other way round would need every colour's luminance: the palettes are made for one each. */
function blockStyle(palette: Palette, depth: ColorDepth): Theme['block'] {
  if (depth === 'none') {
    const underlined = style('4;7', '24;27');
    return (text, _, isSelected) => (isSelected ? underlined(text) : INVERSE(text));
  }
  const text = foreground(palette.blockText, depth);
  const colors = palette.services.map((color) => asBackground(foreground(color, depth), depth));
  const match = asBackground(foreground(palette.matchBackground, depth), depth);
  const matchText = foreground(palette.matchText, depth);
  return (shown, index, isSelected) => {
    const look = isSelected
      ? `1;${matchText};${match}`
      : `${text};${colors[index % colors.length]}`;
    return `\x1b[${look}m${shown}\x1b[22;39;49m`;
  };
}

/**
 * A background under the whole row where there are enough colours. With 16 or none, the text is inverted instead and the drawing
 * left alone: bars use inverse video themselves.
 */
function selectedStyle(palette: Palette, depth: ColorDepth): Theme['selected'] {
  if (depth === 'none' || depth === '16') {
    return (line, drawing) => INVERSE(withoutStyles(line)) + drawing;
  }
  const background = style(asBackground(foreground(palette.selection, depth), depth), '49');
  return (line, drawing) => background(keepBackground(line + drawing));
}

/** A match inside the row ends with the default background; the row's own has to come back after it. */
function keepBackground(row: string): string {
  return row.replaceAll('\x1b[39;49m', '\x1b[39m');
}

/** `text` without its colours and attributes. */
export function withoutStyles(text: string): string {
  const [first = '', ...rest] = text.split('\x1b[');
  return first + rest.map((part) => part.slice(part.indexOf('m') + 1)).join('');
}
