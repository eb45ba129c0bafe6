// Runs the explorer on made-up traces in memory, to look at it and for the end-to-end tests. Options as name=value:
// traces=200 (how many), large=0 (spans of one large trace among them), fail=listTraces (a source that throws there), first=traces
// (the screen to begin with), slow=0 (milliseconds that reading a trace takes).
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../src/model/user-error.ts';
import { runTui } from '../../src/tui/run-tui.tsx';
import { MAIN_KINDS } from '../../src/tui/state/app-state.ts';
import type { TraceSource } from '../../src/tui/trace-source.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { largeShopTrace, shopTrace } from '../helpers/shop-spans.ts';

const options = new Map(
  process.argv.slice(2).map((argument) => {
    const [name = '', value = ''] = argument.split('=');
    return [name, value] as const;
  }),
);
const count = Number(options.get('traces') ?? 200);
const large = Number(options.get('large') ?? 0);
const traces = Array.from({ length: count }, (_, i) => shopTrace(i));
if (large > 0) traces.push(largeShopTrace(large));
const memory = memorySource(traces, '~/.local/share/tracecli/store.db');
const slow = Number(options.get('slow') ?? 0);
const source: TraceSource =
  slow === 0
    ? memory
    : {
        ...memory,
        readTrace: async (traceId, { signal, onProgress }) => {
          onProgress(1, 2);
          await sleep(slow, undefined, { signal });
          return memory.readTrace(traceId, { signal, onProgress });
        },
      };
const failing = options.get('fail');

await runTui(
  failing === undefined
    ? source
    : {
        ...source,
        [failing]: () => {
          if (failing === 'countTraces') throw new Error('a bug in the source');
          throw new UserError('input', 'the store is damaged', {
            where: ['page 12 of store.db'],
            fix: 'tracecli store check',
          });
        },
      },
  { zone: 'utc', first: MAIN_KINDS.find((kind) => kind === options.get('first')) ?? 'traces' },
);
