import { buildTrace } from '../../src/analysis/build-trace.ts';
import type { Trace } from '../../src/model/trace.ts';
import { idOf } from './drawn-trace.ts';
import { type SpanParts, spanOf } from './span-of.ts';

/** A span from and to an offset in milliseconds, which may be a fraction, below another by its name. */
export interface TimedParts extends SpanParts {
  readonly from: number;
  readonly to: number;
  readonly parent?: string;
}

const START = 1_700_000_000_000_000_000n;

/** A trace of spans by name: for times that are too long or too exact to be drawn. The span id is `idOf` the name. */
export function timedTrace(spans: Readonly<Record<string, TimedParts>>, traceId = '1'): Trace {
  return buildTrace(
    Object.entries(spans).map(([name, { from, to, parent, ...parts }]) =>
      spanOf({
        traceId,
        spanId: idOf(name),
        parentSpanId: parent === undefined ? null : idOf(parent),
        name,
        startUnixNano: START + BigInt(Math.round(from * 1e6)),
        durationNs: Math.round((to - from) * 1e6),
        ...parts,
      }),
    ),
  );
}
