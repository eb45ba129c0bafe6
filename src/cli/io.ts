import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';
import { type ColorDepth, colorDepth } from '../tui/terminal/color-depth.ts';

/** One of the two output streams. */
export interface Output {
  write(text: string): void;
  /** Resolves when what was written has gone out as far as the reader takes it. Absent where nothing piles up. */
  readonly drained?: () => Promise<void>;
  readonly isTty: boolean;
  /** Width in cells; null when the stream is not a terminal. */
  readonly columns: number | null;
}

/** What a command may touch of the process. Tests pass their own. */
export interface Io {
  /** Results, and nothing else. */
  readonly stdout: Output;
  /** Progress, warnings and errors. */
  readonly stderr: Output;
  readonly stdinIsTty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ColorChoice = 'auto' | 'always' | 'never';

/** Styles for `output`, in the colours of `colorsFor`. */
export function paintFor(io: Io, output: Output, choice: ColorChoice = 'auto'): ChalkInstance {
  return new Chalk({ level: CHALK_LEVELS[colorsFor(io, output, choice)] });
}

/** The flag decides, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal and which. */
export function colorsFor({ env }: Io, output: Output, choice: ColorChoice = 'auto'): ColorDepth {
  if (choice === 'never') return 'none';
  if (choice === 'always') {
    const { NO_COLOR: _, ...rest } = env;
    const depth = colorDepth(rest);
    return depth === 'none' ? '16' : depth;
  }
  return output.isTty || env['FORCE_COLOR'] !== undefined ? colorDepth(env) : 'none';
}

const CHALK_LEVELS: Readonly<Record<ColorDepth, ColorSupportLevel>> = {
  none: 0,
  '16': 1,
  '256': 2,
  truecolor: 3,
};
