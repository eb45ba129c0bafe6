import type { TraceId } from '../model/ids.ts';
import { UserError } from '../model/user-error.ts';
import { type Connection, connectionOf } from './connection.ts';
import { storedTraceId } from './find-traces.ts';
import type { Store } from './open-store.ts';
import { fromSqlText, type SqlText, toSqlText } from './sql-text.ts';
import { ID_PADDING, traceIdRange } from './trace-conditions.ts';

/** A trace that someone may have meant. */
interface Candidate {
  readonly traceId: TraceId;
  readonly traceIdRaw: string | null;
}

/** How many candidates an error shows. */
const SHOWN = 5;

/**
 * The trace that `text` names: its id in any spelling (upper case, as a UUID, without the zeros on the left, as the dump spells it), or
 * the beginning of one that fits no other trace. A whole id wins over longer ids that begin with it.
 * Throws a `UserError` of kind `usage` that lists what it could mean, or the ids that come nearest.
 */
export function resolveTraceId(store: Store, text: string): TraceId {
  const connection = connectionOf(store);
  const typed = text.trim();
  const exact = findExact(connection, typed);
  if (exact !== null) return exact;
  const found = typed === '' ? [] : findByPrefix(connection, typed);
  const [only] = found;
  if (only === undefined) throw noSuchTrace(connection, typed);
  if (found.length > 1) throw ambiguous(typed, found);
  return only.traceId;
}

/** The keys, ascending, of traces whose id begins like that as their dump spells it, where that is not the canonical id. */
export function traceKeysByRawId(store: Store, beginning: string): number[] {
  return connectionOf(store)
    .all<readonly [bigint]>(
      'SELECT trace_key FROM trace_rows WHERE trace_id_raw >= ? AND trace_id_raw < ? ORDER BY trace_key',
      [beginning, `${beginning}\u{10ffff}`],
    )
    .map(([key]) => Number(key));
}

/** Lower-case hex, of a UUID without its dashes. Null if it is not hex. */
function asHex(typed: string): string | null {
  const compact = typed.replaceAll('-', '');
  const hex = (compact.length === 32 ? compact : typed).toLowerCase();
  return /^[0-9a-f]{1,32}$/.test(hex) ? hex : null;
}

function findExact(connection: Connection, typed: string): TraceId | null {
  const hex = asHex(typed);
  const row =
    connection.first<readonly [Buffer]>(
      'SELECT trace_id FROM trace_rows WHERE trace_id_raw = ? ORDER BY trace_id LIMIT 1',
      [toSqlText(typed)],
    ) ??
    (hex === null
      ? null
      : connection.first<readonly [Buffer]>('SELECT trace_id FROM trace_rows WHERE trace_id = ?', [
          Buffer.from(hex.padStart(32, '0'), 'hex'),
        ]));
  return row === null ? null : storedTraceId(row[0]);
}

/** Up to `SHOWN + 1` traces whose id begins like that, by id: canonical, without its padding, or as the dump spells it. */
function findByPrefix(connection: Connection, typed: string): Candidate[] {
  const hex = asHex(typed);
  const ranges = hex === null ? [] : [traceIdRange(hex)];
  if (hex !== null && hex.length <= 16) ranges.push(traceIdRange(ID_PADDING + hex));
  const found = new Map<TraceId, Candidate>();
  for (const range of ranges) {
    for (const candidate of select(connection, 'trace_id BETWEEN ? AND ?', range)) {
      found.set(candidate.traceId, candidate);
    }
  }
  // Characters after the prefix sort below U+10FFFF, the last one.
  const raw = select(connection, 'trace_id_raw >= ? AND trace_id_raw < ?', [
    typed,
    `${typed}\u{10ffff}`,
  ]);
  for (const candidate of raw) found.set(candidate.traceId, candidate);
  return [...found.values()].sort(byId).slice(0, SHOWN + 1);
}

function select(
  connection: Connection,
  condition: string,
  range: readonly [string | Buffer, string | Buffer],
): Candidate[] {
  return connection
    .all<readonly [Buffer, SqlText | null]>(
      `SELECT trace_id, trace_id_raw FROM trace_rows WHERE ${condition} ORDER BY trace_id LIMIT ?`,
      [...range, SHOWN + 1],
    )
    .map(([id, raw]) => ({
      traceId: storedTraceId(id),
      traceIdRaw: raw === null ? null : fromSqlText(raw),
    }));
}

function byId(a: Candidate, b: Candidate): number {
  return a.traceId < b.traceId ? -1 : 1;
}

function ambiguous(typed: string, found: readonly Candidate[]): UserError {
  return new UserError('usage', `"${typed}" is the beginning of more than one trace id`, {
    where: describe(found),
    fix: 'give more digits of the id',
  });
}

/** Names the ids that share the longest beginning with what was typed. */
function noSuchTrace(connection: Connection, typed: string): UserError {
  let near: Candidate[] = [];
  for (let length = typed.length - 1; near.length === 0 && length > 0; length--) {
    near = findByPrefix(connection, typed.slice(0, length));
  }
  return new UserError('usage', `no trace has the id "${typed}"`, {
    where: near.length === 0 ? [] : ['the nearest ids are', ...describe(near)],
    fix: 'list the traces with their ids: tracecli traces',
  });
}

function describe(found: readonly Candidate[]): string[] {
  const lines = found
    .slice(0, SHOWN)
    .map(({ traceId, traceIdRaw }) =>
      traceIdRaw === null ? traceId : `${traceId} (${traceIdRaw})`,
    );
  return found.length > SHOWN ? [...lines, '…'] : lines;
}
