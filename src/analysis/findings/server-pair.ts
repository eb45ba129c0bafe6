import { TIME_FLAGS } from '../../model/span.ts';
import type { TraceNode } from '../../model/trace.ts';
import { type ClockInterval, clockInterval } from './clock-interval.ts';

const UNTIMED = TIME_FLAGS.noStart | TIME_FLAGS.noEnd | TIME_FLAGS.negativeDuration;

/** Whether a span has both times, in order. */
export function isTimed({ span }: TraceNode): boolean {
  return (span.timeFlags & UNTIMED) === 0;
}

/** The interval of a server and the client right above it; null where there is no such pair or one of the two has no times. */
export function serverPairInterval(server: TraceNode): ClockInterval | null {
  const client = server.parent;
  if (client === null || client.span.kind !== 'client' || server.span.kind !== 'server')
    return null;
  return isTimed(client) && isTimed(server) ? clockInterval(client, server) : null;
}
