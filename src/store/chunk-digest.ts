import { TIME_FLAGS } from '../model/span.ts';
import { type SpanColumns, statusOf, timeFlagsOf, WORD, wordOf } from './span-columns.ts';

/**
 * What a chunk of spans holds, in about two kilobytes: enough to tell for most questions that none of its spans can be an answer.
 *
 *     uint32   number of groups, number of resources, flags
 *     groups   operation key, status; shortest and longest duration as doubles
 *     uint32   keys of resources
 *     bits     a Bloom filter of the attributes: of every key, and of every key with its value
 */
export interface ChunkDigest {
  /** The spans of one operation and status each. */
  readonly groups: readonly DigestGroup[];
  readonly resources: readonly number[];
  /** Whether records of one span id may be merged into one span, so that a span may be what none of its records is. */
  readonly hasParts: boolean;
  /** Whether a span has no start, or 0: traces may then last longer than their summaries say. */
  readonly hasOddTimes: boolean;
  /** Whether an attribute with this hash may be in the chunk. */
  readonly mayHave: (hash: number) => boolean;
}

export interface DigestGroup {
  readonly operation: number;
  /** Index in STATUS_CODES. */
  readonly status: number;
  readonly minNs: number;
  readonly maxNs: number;
}

/** Bits of the filter. A chunk has about 1,500 different attributes at most, which then fill a sixth of it. */
const FILTER_BYTES = 2048;
const FILTER_MASK = FILTER_BYTES * 8 - 1;

const GROUP_BYTES = 24;

const PARTS = 1;
const ODD_TIMES = 2;

/** Two bits of the filter per hash: its lower and its upper part. */
function bitsOf(hash: number): readonly [number, number] {
  return [hash & FILTER_MASK, (hash >>> 16) & FILTER_MASK];
}

/** The digest of a chunk as bytes. */
export function digestChunk(columns: SpanColumns): Buffer {
  const groups = new Map<number, DigestGroup>();
  const resources = new Set<number>();
  const filter = Buffer.alloc(FILTER_BYTES);
  const put = (hash: number) => {
    for (const bit of bitsOf(hash)) filter[bit >>> 3] = (filter[bit >>> 3] ?? 0) | (1 << (bit & 7));
  };
  for (let span = 0; span < columns.length; span++) {
    addToGroup(groups, columns, span);
    resources.add(wordOf(columns, span, WORD.resource));
    const at = wordOf(columns, span, WORD.textAt);
    eachAttributeHash(columns.texts, at, at + wordOf(columns, span, WORD.attributes), put);
  }
  const head = Buffer.alloc(12 + groups.size * GROUP_BYTES + resources.size * 4);
  head.writeUInt32LE(groups.size, 0);
  head.writeUInt32LE(resources.size, 4);
  head.writeUInt32LE(
    (hasEqualIds(columns) ? PARTS : 0) | (hasOddTimes(columns) ? ODD_TIMES : 0),
    8,
  );
  let at = 12;
  for (const { operation, status, minNs, maxNs } of groups.values()) {
    head.writeUInt32LE(operation, at);
    head.writeUInt32LE(status, at + 4);
    head.writeDoubleLE(minNs, at + 8);
    head.writeDoubleLE(maxNs, at + 16);
    at += GROUP_BYTES;
  }
  for (const resource of resources) at = head.writeUInt32LE(resource, at);
  return Buffer.concat([head, filter]);
}

/** The digest that `digestChunk` made bytes of; null for bytes that it did not make. */
export function readDigest(bytes: Buffer): ChunkDigest | null {
  if (bytes.length < 12) return null;
  const groupCount = bytes.readUInt32LE(0);
  const resourceCount = bytes.readUInt32LE(4);
  const filterAt = 12 + groupCount * GROUP_BYTES + resourceCount * 4;
  if (bytes.length !== filterAt + FILTER_BYTES) return null;
  const groups: DigestGroup[] = [];
  let at = 12;
  for (let i = 0; i < groupCount; i++, at += GROUP_BYTES) {
    groups.push({
      operation: bytes.readUInt32LE(at),
      status: bytes.readUInt32LE(at + 4),
      minNs: bytes.readDoubleLE(at + 8),
      maxNs: bytes.readDoubleLE(at + 16),
    });
  }
  const resources: number[] = [];
  for (let i = 0; i < resourceCount; i++, at += 4) resources.push(bytes.readUInt32LE(at));
  return {
    groups,
    resources,
    hasParts: (bytes.readUInt32LE(8) & PARTS) !== 0,
    hasOddTimes: (bytes.readUInt32LE(8) & ODD_TIMES) !== 0,
    mayHave: (hash) =>
      bitsOf(hash).every((bit) => ((bytes[filterAt + (bit >>> 3)] ?? 0) & (1 << (bit & 7))) !== 0),
  };
}

function addToGroup(groups: Map<number, DigestGroup>, columns: SpanColumns, span: number): void {
  const operation = wordOf(columns, span, WORD.operation);
  const status = statusOf(columns, span);
  const durationNs = durationAt(columns, span);
  const key = operation * 4 + status;
  const group = groups.get(key);
  if (group === undefined) {
    groups.set(key, { operation, status, minNs: durationNs, maxNs: durationNs });
  } else if (durationNs < group.minNs || durationNs > group.maxNs) {
    groups.set(key, {
      ...group,
      minNs: Math.min(group.minNs, durationNs),
      maxNs: Math.max(group.maxNs, durationNs),
    });
  }
}

/** max(0, end − start) as `Span.durationNs` has it. */
export function durationAt({ times }: SpanColumns, span: number): number {
  return Math.max(0, Number(times[span * 2 + 1] ?? 0n));
}

/** Whether two spans of one trace that stand in the chunk have the same id. */
export function hasEqualIds(columns: SpanColumns): boolean {
  const seen = new Set<number>();
  const { ids, length } = columns;
  for (let span = 0; span < length; span++) {
    const trace = wordOf(columns, span, WORD.trace);
    // Different ids may look alike; that costs some speed and no answer.
    const id = ((ids[span * 4] ?? 0) ^ Math.imul(ids[span * 4 + 1] ?? 0, 0x9e3779b1)) >>> 0;
    const key = id * 2 ** 20 + (trace % 2 ** 20);
    if (seen.has(key)) return true;
    seen.add(key);
  }
  return false;
}

/** Whether a span of the chunk says no start, or the moment 0. */
export function hasOddTimes(columns: SpanColumns): boolean {
  for (let span = 0; span < columns.length; span++) {
    if (timeFlagsOf(columns, span) & TIME_FLAGS.noStart || columns.times[span * 2] === 0n)
      return true;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Hashes of the attributes in the text from `from` to `end`, as `attributeHash` makes them: of every key with its colon, and of every
 * key with its value; of lists and tagged values with their opening sign alone.
 */
export function eachAttributeHash(
  bytes: Uint8Array,
  from: number,
  end: number,
  visit: (hash: number) => void,
): void {
  let at = from + 1;
  while (at < end - 1) {
    let hash = HASH_START;
    // The key, up to its closing quote, and the colon.
    const keyEnd = stringEnd(bytes, at, end) + 1;
    for (; at < keyEnd; at++) hash = hashByte(hash, bytes[at] ?? 0);
    visit(hash >>> 0);
    const valueEnd = endOfValue(bytes, at, end);
    const first = bytes[at];
    const hashEnd = first === OPEN_BRACE || first === OPEN_BRACKET ? at + 1 : valueEnd;
    for (; at < hashEnd; at++) hash = hashByte(hash, bytes[at] ?? 0);
    visit(hash >>> 0);
    at = valueEnd + 1;
  }
}

/** Behind the string that begins at `at`. */
function stringEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at + 1;
  while (i < end && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return Math.min(end, i + 1);
}

/** Behind the value that begins at `at`: the comma or brace that follows it. */
export function endOfValue(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0;
  let i = at;
  while (i < end) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      i = stringEnd(bytes, i, end);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return i;
      depth--;
    } else if (byte === COMMA && depth === 0) return i;
    i++;
  }
  return end;
}

const HASH_START = 0x811c9dc5;

function hashByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/** FNV-1a of a piece of attributes in their stored form: `"key":`, `"key":"value"`, `"key":500`, `"key":[`, `"key":{`. */
export function attributeHash(piece: string): number {
  let hash = HASH_START;
  for (const byte of Buffer.from(piece)) hash = hashByte(hash, byte);
  return hash >>> 0;
}
