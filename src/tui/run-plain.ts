import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { AppData } from './app-data.ts';
import { TRACE_COLUMNS } from './layout/trace-rows.ts';
import { PlainExplorer } from './plain-explorer.ts';
import type { TuiOptions } from './run-tui.tsx';
import { createTheme } from './theme.ts';
import type { TraceSource } from './trace-source.ts';

/** Explores `source` in lines of text until the user quits or the input ends. */
export async function runPlain(source: TraceSource, options: TuiOptions = {}): Promise<void> {
  const { zone = 'local', links = [], traceColumns = TRACE_COLUMNS } = options;
  const { first = 'overview', filter = '', open = null } = options;
  const theme = createTheme({ depth: 'none', isUnicode: false, isLight: false });
  const explorer = new PlainExplorer({
    surroundings: { data: new AppData(source), theme, zone, links, traceColumns },
    first,
    filter,
    open,
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
