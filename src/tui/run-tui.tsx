import process from 'node:process';
import type { TimeZone } from '../report/format-time.ts';
import { Explorer } from './explorer.ts';
import type { LinkTemplate, MainKind } from './state/app-state.ts';
import type { ColorDepth } from './terminal/color-depth.ts';
import { themeFor } from './theme.ts';
import type { TraceSource } from './trace-source.ts';

export interface TuiOptions {
  /** Colours to use instead of those that the environment tells, e.g. `none` for `--color never`. */
  readonly color?: ColorDepth | undefined;
  readonly zone?: TimeZone | undefined;
  /** The screen to begin with; the overview by default. */
  readonly first?: MainKind | undefined;
  readonly links?: readonly LinkTemplate[] | undefined;
}

/**
 * Explores `source` in the terminal until the user quits. Rejects with what went wrong, after the terminal is as it was before.
 * Standard input and output must be terminals.
 */
export async function runTui(source: TraceSource, options: TuiOptions = {}): Promise<void> {
  const theme = themeFor(process.env, options.color);
  const explorer = new Explorer(source, theme, {
    zone: options.zone ?? 'local',
    first: options.first ?? 'overview',
    links: options.links ?? [],
  });
  try {
    await explorer.run();
  } finally {
    explorer.stop();
  }
}
