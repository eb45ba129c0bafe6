import { UserError } from '../../model/user-error.ts';
import { EXIT } from '../exit-code.ts';
import type { GlobalOptions } from '../global-options.ts';
import { colorsFor, type Io } from '../io.ts';
import { nearestName } from '../nearest-name.ts';
import { namesDump, openTraces } from '../open-traces.ts';
import { storeTraceSource } from '../store-trace-source.ts';
import { analyze } from './analyze.ts';

export interface ExploreOptions extends GlobalOptions {
  /** Names of all commands: a word that is no dump was perhaps meant to be one. */
  readonly commands: readonly string[];
  readonly dumps: readonly string[];
}

/** Opens the explorer on the store or on dumps; where there is no terminal, prints the analysis instead. */
export async function explore(io: Io, options: ExploreOptions): Promise<number> {
  for (const word of options.dumps) if (!namesDump(word)) throw unknownWord(word, options.commands);
  if (!io.stdout.isTty || !io.stdinIsTty || io.env['TERM'] === 'dumb') {
    return analyze(io, {
      ...options,
      args: options.dumps,
      groupBy: 'operation',
      inputFormat: 'auto',
      format: 'text',
    });
  }
  const { store, label } = await openTraces(io, options, options.dumps);
  try {
    const { runTui } = await import('../../tui/run-tui.tsx');
    await runTui(storeTraceSource(store, label), {
      color: colorsFor(io, io.stdout, options.color),
      zone: options.utc ? 'utc' : 'local',
    });
    return EXIT.done;
  } finally {
    store.close();
  }
}

function unknownWord(word: string, commands: readonly string[]): UserError {
  const nearest = nearestName(word, commands);
  return new UserError('usage', `"${word}" is neither a command nor a dump`, {
    fix: nearest === null ? 'tracecli --help' : `tracecli ${nearest}`,
  });
}
