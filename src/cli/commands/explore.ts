import { UserError } from '../../model/user-error.ts';
import type { Store } from '../../store/open-store.ts';
import { readTrace } from '../../store/read-spans.ts';
import { resolveTraceId } from '../../store/resolve-trace-id.ts';
import type { OpenedTrace } from '../../tui/opened-state.ts';
import { MAIN_KINDS, type MainKind } from '../../tui/state/app-state.ts';
import { EXIT } from '../exit-code.ts';
import { type GlobalOptions, zoneOf } from '../global-options.ts';
import { colorsFor, type Io } from '../io.ts';
import { nearestName } from '../nearest-name.ts';
import { namesDump, openTraces } from '../open-traces.ts';
import { parseDuration } from '../parse-duration.ts';
import { readExplorerConfig } from '../read-explorer-config.ts';
import { storeTraceSource } from '../store-trace-source.ts';

export interface ExploreOptions extends GlobalOptions {
  /** Names of all commands: a word that is no dump was perhaps meant to be one. */
  readonly commands: readonly string[];
  readonly dumps: readonly string[];
  /** Bytes. */
  readonly maxMemory?: number;
  /** A trace to show at once, and a span of it. */
  readonly trace?: string;
  readonly span?: string;
  /** Only spans of it that this finds. */
  readonly filter?: string;
  /** The time of it to show: `from..to`. */
  readonly zoom?: string;
  /** The screen to begin with. */
  readonly screen?: string;
  /** Lines of text instead of a screen. */
  readonly plain?: boolean;
}

/** Opens the explorer on the store or on dumps; where there is no terminal, prints the analysis instead. */
export async function explore(io: Io, options: ExploreOptions): Promise<number> {
  for (const word of options.dumps) if (!namesDump(word)) throw unknownWord(word, options.commands);
  const canDraw = io.stdout.isTty && io.stdinIsTty && io.env['TERM'] !== 'dumb';
  if (!canDraw && !options.plain) {
    const { analyze } = await import('./analyze.ts');
    return analyze(io, {
      ...options,
      args: options.dumps,
      groupBy: 'operation',
      inputFormat: 'auto',
      format: 'text',
    });
  }
  const config = await readExplorerConfig(io);
  const first = options.screen === undefined ? config.first : mainScreen(options.screen);
  const { store, label } = await openTraces(io, options, options.dumps);
  try {
    const open = options.trace === undefined ? null : traceToOpen(store, options);
    const source = storeTraceSource(store, label);
    const run = {
      ...config,
      ...(first && { first }),
      open,
      color: colorsFor(io, io.stdout, options.color),
      zone: zoneOf(options),
    } as const;
    if (options.plain || io.env['TRACECLI_SCREEN_READER']) {
      const { runPlain } = await import('../../tui/run-plain.ts');
      await runPlain(source, { ...run, nearest: nearestName });
    } else {
      const { runTui } = await import('../../tui/run-tui.tsx');
      await runTui(source, run);
    }
    return EXIT.done;
  } finally {
    store.close();
  }
}

function mainScreen(name: string): MainKind {
  const kind = MAIN_KINDS.find((known) => known === name);
  if (kind) return kind;
  throw new UserError('usage', `there is no screen "${name}"`, {
    where: [`screens: ${MAIN_KINDS.join(', ')}`],
  });
}

function traceToOpen(store: Store, options: ExploreOptions): OpenedTrace {
  const { trace = '', span, filter = '', zoom } = options;
  const traceId = resolveTraceId(store, trace);
  const window = zoom === undefined ? null : zoomedWindow(zoom);
  if (span === undefined) return { traceId, spanId: null, filter, window };
  const wanted = span.toLowerCase();
  const found = readTrace(store, traceId).find(({ spanId }) => spanId.startsWith(wanted));
  if (found) return { traceId, spanId: found.spanId, filter, window };
  throw new UserError('usage', `trace ${traceId} has no span ${span}`, {
    fix: `tracecli show ${traceId}`,
  });
}

/** From one offset from the trace's start to another. */
function zoomedWindow(text: string): OpenedTrace['window'] {
  const [from = '', to = '', ...rest] = text.split('..');
  const startNs = parseDuration(from, '--zoom');
  const endNs = parseDuration(to, '--zoom');
  if (rest.length === 0 && endNs > startNs) return { startNs, endNs };
  throw new UserError('usage', `--zoom takes a stretch of the trace, not "${text}"`, {
    fix: '--zoom 10ms..20ms',
  });
}

function unknownWord(word: string, commands: readonly string[]): UserError {
  const nearest = nearestName(word, commands);
  return new UserError('usage', `"${word}" is neither a command nor a dump`, {
    fix: nearest === null ? 'tracecli --help' : `tracecli ${nearest}`,
  });
}
