import { CLOSING_BRACE, COMMA, expectEnd } from './json';
import { putInteger, putText } from './json-number';
import { copied, copyString } from './json-string';
import { putExtra, rareEnd } from './rows';

/*
 * The extra fields of the row at hand, as `SpanExtra`: begin, add them in this order, end. They are the last of its texts that are
 * written to `rareEnd`.
 */

/** Where the next field goes. */
let end: usize = 0;

export function beginExtra(): void {
  end = putText(rareEnd, '{');
}

/** The string at `from`, which was skipped before; nothing for an empty one. */
export function extraTraceState(from: usize): void {
  const value = putText(end, '"traceState":');
  expectEnd(copyString(from, value));
  if (copied > value + 2) endField(copied);
}

/** How much was dropped; nothing if nothing was. */
export function extraDropped(attributes: u64, events: u64, links: u64): void {
  if ((attributes | events | links) == 0) return;
  let o = putInteger(putText(end, '"dropped":{"attributes":'), attributes);
  o = putInteger(putText(o, ',"events":'), events);
  o = putInteger(putText(o, ',"links":'), links);
  store<u8>(o, <u8>CLOSING_BRACE);
  endField(o + 1);
}

/** The span is the server's half of one that client and server share. */
export function extraShared(): void {
  endField(putText(end, '"shared":true'));
}

/** The span was sampled because somebody asked for it. */
export function extraDebug(): void {
  endField(putText(end, '"debug":true'));
}

/** Where warnings go: a JSON list. */
export function beginWarnings(): usize {
  return putText(end, '"warnings":');
}

/** They were written up to `to`. */
export function endWarnings(to: usize): void {
  endField(to);
}

function endField(to: usize): void {
  store<u8>(to, <u8>COMMA);
  end = to + 1;
}

/** Nothing is written when there are no fields. */
export function endExtra(): void {
  if (end == rareEnd + 1) return;
  store<u8>(end - 1, <u8>CLOSING_BRACE);
  putExtra(end);
}
