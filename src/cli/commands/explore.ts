import { EXIT } from '../exit-code.ts';
import { colorsFor, type Io } from '../io.ts';
import { type OpenTracesOptions, openTraces } from '../open-traces.ts';
import { storeTraceSource } from '../store-trace-source.ts';
import { analyze } from './analyze.ts';

export interface ExploreOptions extends OpenTracesOptions {
  readonly dumps: readonly string[];
}

/** Opens the explorer on the store or on dumps; where there is no terminal, prints the analysis instead. */
export async function explore(io: Io, options: ExploreOptions): Promise<number> {
  if (!io.stdout.isTty || io.env['TERM'] === 'dumb') {
    return analyze(io, {
      ...options,
      args: options.dumps,
      groupBy: 'operation',
      top: 10,
      format: 'auto',
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
