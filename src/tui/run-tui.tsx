import process from 'node:process';
import { Explorer, type ExplorerOptions } from './explorer.ts';
import { type KeyOverrides, rebindKeys } from './keymap.ts';
import { TRACE_COLUMNS } from './layout/trace-rows.ts';
import type { ColorDepth } from './terminal/color-depth.ts';
import { type ThemeChoice, themeFor } from './theme.ts';
import type { TraceSource } from './trace-source.ts';

export interface TuiOptions extends Partial<ExplorerOptions> {
  /** Colours to use instead of those that the environment tells, e.g. `none` for `--color never`. */
  readonly color?: ColorDepth | undefined;
  readonly theme?: ThemeChoice;
  readonly keys?: KeyOverrides;
}

/**
 * Explores `source` in the terminal until the user quits. Rejects with what went wrong, after the terminal is as it was before.
 * Standard input and output must be terminals. Begins with the overview unless told otherwise.
 */
export async function runTui(source: TraceSource, options: TuiOptions = {}): Promise<void> {
  const theme = themeFor(process.env, options.color, options.theme);
  if (options.keys) rebindKeys(options.keys);
  const explorer = new Explorer(source, theme, {
    zone: 'local',
    first: 'overview',
    links: [],
    traceColumns: TRACE_COLUMNS,
    filter: '',
    open: null,
    ...options,
  });
  try {
    await explorer.run();
  } finally {
    explorer.stop();
  }
}
