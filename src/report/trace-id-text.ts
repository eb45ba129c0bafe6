import type { TraceId } from '../model/ids.ts';

/** A trace id as people know it: 64-bit ids without their padding. */
export function traceIdText(id: TraceId): string {
  return id.startsWith('0000000000000000') ? id.slice(16) : id;
}

const SHORT = 12;

/** The beginning of a trace id, as git shortens commits; commands take any prefix that only one trace has. Counted ids stay whole. */
export function shortTraceId(id: TraceId): string {
  const text = traceIdText(id);
  const short = text.slice(0, SHORT);
  return /[1-9a-f]/.test(short) ? short : text;
}
