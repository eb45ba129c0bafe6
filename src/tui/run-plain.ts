import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { AppData } from './app-data.ts';
import { rebindKeys } from './keymap.ts';
import { TRACE_COLUMNS } from './layout/trace-rows.ts';
import { PlainExplorer } from './plain-explorer.ts';
import type { Nearest } from './plain-words.ts';
import type { TuiOptions } from './run-tui.tsx';
import { spokenTheme } from './theme.ts';
import type { TraceSource } from './trace-source.ts';

export interface RunPlainOptions extends TuiOptions {
  /** Which of some names a mistyped one was meant to be. */
  readonly nearest: Nearest;
}

/** Explores `source` in lines of text until the user quits or the input ends. */
export async function runPlain(source: TraceSource, options: RunPlainOptions): Promise<void> {
  const { zone = 'local', links = [], traceColumns = TRACE_COLUMNS } = options;
  const { first = 'overview', filter = '', open = null } = options;
  const theme = spokenTheme();
  if (options.keys) rebindKeys(options.keys);
  const explorer = new PlainExplorer({
    surroundings: { data: new AppData(source), theme, zone, links, traceColumns },
    first,
    filter,
    open,
    nearest: options.nearest,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  const lines = createInterface({ input: process.stdin, terminal: false });
  // From now on: a pipe may have said everything, and closed, before the first answer.
  const typed = lines[Symbol.asyncIterator]();
  try {
    await explorer.begin();
    for await (const line of typed) if (!(await explorer.answer(line))) break;
  } finally {
    lines.close();
    process.stdin.pause();
  }
}
