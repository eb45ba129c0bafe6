import type { Trace } from '../model/trace.ts';

/** A stretch of a trace, in offsets from its start. */
export interface Stretch {
  readonly startNs: number;
  readonly endNs: number;
}

/** Stretches of a trace in which no span runs, by time: between an answer and the message that is read later, for example. */
export function idleStretches({ nodes }: Trace): readonly Stretch[] {
  const byStart = [...nodes].sort((a, b) => a.startNs - b.startNs);
  const idle: Stretch[] = [];
  let until = 0;
  for (const { startNs, endNs } of byStart) {
    if (startNs > until) idle.push({ startNs: until, endNs: startNs });
    until = Math.max(until, endNs);
  }
  return idle;
}
