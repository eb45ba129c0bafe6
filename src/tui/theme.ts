import { ASCII_GLYPHS, type Glyphs, UNICODE_GLYPHS } from './glyphs.ts';
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

interface Color {
  readonly truecolor: readonly [number, number, number];
  readonly indexed: number;
  readonly basic: number;
}

/** IBM Carbon's data colours, as in Jaeger's interface, without its red: red means an error here. */
const DARK_SERVICES: readonly Color[] = [
  { truecolor: [69, 137, 255], indexed: 69, basic: 94 },
  { truecolor: [255, 131, 43], indexed: 208, basic: 33 },
  { truecolor: [190, 149, 255], indexed: 141, basic: 95 },
  { truecolor: [66, 190, 101], indexed: 71, basic: 32 },
  { truecolor: [51, 177, 255], indexed: 39, basic: 36 },
  { truecolor: [241, 194, 27], indexed: 220, basic: 93 },
  { truecolor: [8, 189, 186], indexed: 37, basic: 96 },
  { truecolor: [255, 126, 182], indexed: 211, basic: 35 },
  { truecolor: [166, 200, 106], indexed: 149, basic: 92 },
  { truecolor: [186, 230, 255], indexed: 153, basic: 37 },
  { truecolor: [210, 161, 6], indexed: 178, basic: 34 },
  { truecolor: [168, 168, 168], indexed: 248, basic: 90 },
];

const LIGHT_SERVICES: readonly Color[] = [
  { truecolor: [0, 67, 206], indexed: 26, basic: 34 },
  { truecolor: [186, 78, 0], indexed: 130, basic: 33 },
  { truecolor: [105, 41, 196], indexed: 55, basic: 35 },
  { truecolor: [14, 96, 39], indexed: 22, basic: 32 },
  { truecolor: [0, 114, 195], indexed: 32, basic: 36 },
  { truecolor: [142, 106, 0], indexed: 94, basic: 33 },
  { truecolor: [0, 93, 93], indexed: 23, basic: 36 },
  { truecolor: [159, 24, 83], indexed: 125, basic: 35 },
  { truecolor: [77, 107, 13], indexed: 64, basic: 32 },
  { truecolor: [0, 58, 109], indexed: 24, basic: 34 },
  { truecolor: [104, 79, 29], indexed: 58, basic: 33 },
  { truecolor: [82, 82, 82], indexed: 240, basic: 90 },
];

interface Palette {
  readonly error: Color;
  readonly warning: Color;
  readonly success: Color;
  readonly muted: Color;
  readonly faint: Color;
  readonly accent: Color;
  readonly criticalPath: Color;
  /** Bars that are not about a service; calm, because they fill columns. */
  readonly bar: Color;
  readonly errorBar: Color;
  readonly matchBackground: Color;
  readonly matchText: Color;
  readonly selection: Color;
  /** On the services' colours. */
  readonly blockText: Color;
  readonly services: readonly Color[];
}

const DARK: Palette = {
  error: { truecolor: [255, 92, 92], indexed: 203, basic: 91 },
  warning: { truecolor: [241, 194, 27], indexed: 220, basic: 33 },
  success: { truecolor: [66, 190, 101], indexed: 71, basic: 32 },
  muted: { truecolor: [148, 155, 168], indexed: 247, basic: 37 },
  faint: { truecolor: [78, 84, 96], indexed: 240, basic: 90 },
  accent: { truecolor: [120, 180, 255], indexed: 111, basic: 96 },
  criticalPath: { truecolor: [255, 255, 255], indexed: 231, basic: 97 },
  bar: { truecolor: [74, 104, 152], indexed: 67, basic: 34 },
  errorBar: { truecolor: [168, 68, 72], indexed: 131, basic: 31 },
  matchBackground: { truecolor: [255, 214, 92], indexed: 221, basic: 103 },
  matchText: { truecolor: [20, 20, 20], indexed: 16, basic: 30 },
  selection: { truecolor: [45, 52, 70], indexed: 237, basic: 0 },
  blockText: { truecolor: [16, 18, 24], indexed: 16, basic: 30 },
  services: DARK_SERVICES,
};

const LIGHT: Palette = {
  error: { truecolor: [190, 20, 30], indexed: 124, basic: 31 },
  warning: { truecolor: [142, 90, 0], indexed: 94, basic: 33 },
  success: { truecolor: [14, 96, 39], indexed: 22, basic: 32 },
  muted: { truecolor: [90, 96, 108], indexed: 241, basic: 90 },
  faint: { truecolor: [178, 184, 194], indexed: 249, basic: 37 },
  accent: { truecolor: [0, 84, 180], indexed: 25, basic: 34 },
  criticalPath: { truecolor: [0, 0, 0], indexed: 16, basic: 30 },
  bar: { truecolor: [138, 166, 208], indexed: 110, basic: 34 },
  errorBar: { truecolor: [222, 134, 134], indexed: 174, basic: 31 },
  matchBackground: { truecolor: [255, 214, 92], indexed: 221, basic: 103 },
  matchText: { truecolor: [20, 20, 20], indexed: 16, basic: 30 },
  selection: { truecolor: [216, 226, 242], indexed: 189, basic: 0 },
  blockText: { truecolor: [255, 255, 255], indexed: 231, basic: 97 },
  services: LIGHT_SERVICES,
};

export interface ThemeOptions {
  readonly depth: ColorDepth;
  readonly isUnicode: boolean;
  readonly isLight: boolean;
  readonly colors?: ThemeChoice['colors'];
}

function withColors(palette: Palette, colors: NonNullable<ThemeChoice['colors']>): Palette {
  const changed = [...colors].map(([name, rgb]) => {
    const { basic } = palette[name];
    return [name, { truecolor: rgb, indexed: nearestIndexed(rgb), basic }] as const;
  });
  return { ...palette, ...Object.fromEntries(changed) };
}

/** The nearest of the 6 × 6 × 6 colours of a terminal with 256. */
function nearestIndexed(rgb: readonly [number, number, number]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => Math.round((value / 255) * 5));
  return 16 + 36 * r + 6 * g + b;
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

/** Colours that a configuration may set, by what they mean. */
export const COLOR_NAMES = [
  'error',
  'warning',
  'success',
  'muted',
  'faint',
  'accent',
  'criticalPath',
  'selection',
] as const;
export type ColorName = (typeof COLOR_NAMES)[number];

/** What the user has chosen of the theme. */
export interface ThemeChoice {
  readonly background?: (typeof BACKGROUNDS)[number];
  /** As red, green and blue. Terminals with 16 colours keep their own. */
  readonly colors?: ReadonlyMap<ColorName, readonly [number, number, number]>;
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

function foreground(color: Color, depth: ColorDepth): string {
  switch (depth) {
    case 'none':
      return '';
    case '16':
      return String(color.basic);
    case '256':
      return `38;5;${color.indexed}`;
    case 'truecolor':
      return `38;2;${color.truecolor.join(';')}`;
  }
}

function asBackground(sgr: string, depth: ColorDepth): string {
  return depth === '16' ? String(Number(sgr) + 10) : sgr.replace(/^38/, '48');
}

/** `text` without its colours and attributes. */
export function withoutStyles(text: string): string {
  const [first = '', ...rest] = text.split('\x1b[');
  return first + rest.map((part) => part.slice(part.indexOf('m') + 1)).join('');
}
