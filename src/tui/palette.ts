import type { ColorDepth } from './terminal/color-depth.ts';

/** A colour for each kind of terminal. */
export interface Color {
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

/** Colours by what they mean. */
export interface Palette {
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

export const DARK: Palette = {
  error: { truecolor: [255, 92, 92], indexed: 203, basic: 91 },
  warning: { truecolor: [241, 194, 27], indexed: 220, basic: 33 },
  success: { truecolor: [66, 190, 101], indexed: 71, basic: 32 },
  muted: { truecolor: [148, 155, 168], indexed: 247, basic: 37 },
  faint: { truecolor: [78, 84, 96], indexed: 240, basic: 90 },
  accent: { truecolor: [120, 180, 255], indexed: 111, basic: 96 },
  criticalPath: { truecolor: [255, 255, 255], indexed: 231, basic: 97 },
  bar: { truecolor: [74, 104, 152], indexed: 67, basic: 34 },
  errorBar: { truecolor: [168, 68, 72], indexed: 131, basic: 31 },
  matchBackground: { truecolor: [255, 214, 92], indexed: 221, basic: 93 },
  matchText: { truecolor: [20, 20, 20], indexed: 16, basic: 30 },
  selection: { truecolor: [45, 52, 70], indexed: 237, basic: 0 },
  blockText: { truecolor: [16, 18, 24], indexed: 16, basic: 30 },
  services: DARK_SERVICES,
};

export const LIGHT: Palette = {
  error: { truecolor: [190, 20, 30], indexed: 124, basic: 31 },
  warning: { truecolor: [142, 90, 0], indexed: 94, basic: 33 },
  success: { truecolor: [14, 96, 39], indexed: 22, basic: 32 },
  muted: { truecolor: [90, 96, 108], indexed: 241, basic: 90 },
  faint: { truecolor: [178, 184, 194], indexed: 249, basic: 37 },
  accent: { truecolor: [0, 84, 180], indexed: 25, basic: 34 },
  criticalPath: { truecolor: [0, 0, 0], indexed: 16, basic: 30 },
  bar: { truecolor: [138, 166, 208], indexed: 110, basic: 34 },
  errorBar: { truecolor: [222, 134, 134], indexed: 174, basic: 31 },
  matchBackground: { truecolor: [255, 214, 92], indexed: 221, basic: 93 },
  matchText: { truecolor: [20, 20, 20], indexed: 16, basic: 30 },
  selection: { truecolor: [216, 226, 242], indexed: 189, basic: 0 },
  blockText: { truecolor: [255, 255, 255], indexed: 231, basic: 97 },
  services: LIGHT_SERVICES,
};

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

/** As red, green and blue. Terminals with 16 colours keep their own. */
export type ColorChoices = ReadonlyMap<ColorName, readonly [number, number, number]>;

/** `palette` with the colours that the user has chosen. */
export function withColors(palette: Palette, colors: ColorChoices): Palette {
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

/** SGR parameters of a colour as the terminal can show it; '' without colours. */
export function foreground(color: Color, depth: ColorDepth): string {
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

/** The same colour behind the text. */
export function asBackground(sgr: string, depth: ColorDepth): string {
  return depth === '16' ? String(Number(sgr) + 10) : sgr.replace(/^38/, '48');
}
