import { TIME_FLAGS } from '../model/span.ts';
import { type SpanColumns, statusOf, timeFlagsOf, WORD, wordOf } from './span-columns.ts';

/**
 * What a chunk of spans holds, in a few kilobytes: enough to tell for most questions that none of its spans can be an answer.
 * Little-endian.
 */
export interface ChunkDigest {
  /**
   * Words of 32 bits: flags, how many groups and how many resources there are; the groups; the keys of the resources. A group is all
   * spans of one operation with one status: the operation's key times four plus the index in STATUS_CODES, then the shortest and the
   * longest duration in ns as floats, rounded outwards.
   */
  readonly groups: Buffer;
  /** A Bloom filter of the hashes that `eachAttributeHash` gives. */
  readonly attributes: Buffer;
}

/** Records of one span id may be merged into one span, so that a span may be what none of its records is. */
export const HAS_PARTS = 1;
/** A span has no start, or 0: traces may then last longer than their summaries say. */
export const HAS_ODD_TIMES = 2;

export const HEAD_WORDS = 3;
export const GROUP_WORDS = 3;

/** A chunk has about 2,500 different attributes at most, which then fill a seventh of the filter. */
const FILTER_BYTES = 4096;
const FILTER_MASK = FILTER_BYTES * 8 - 1;

/** Whether an attribute with this hash may be in the chunk: two bits of the filter, by the lower and the upper part of the hash. */
export function mayHave(filter: Buffer, hash: number): boolean {
  const [a, b] = [hash & FILTER_MASK, (hash >>> 15) & FILTER_MASK];
  return (
    ((filter[a >>> 3] ?? 0) & (1 << (a & 7))) !== 0 &&
    ((filter[b >>> 3] ?? 0) & (1 << (b & 7))) !== 0
  );
}

function put(filter: Buffer, hash: number): void {
  for (const bit of [hash & FILTER_MASK, (hash >>> 15) & FILTER_MASK]) {
    filter[bit >>> 3] = (filter[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }
}

interface Group {
  minNs: number;
  maxNs: number;
}

/** The digest of a chunk. */
export function digestChunk(columns: SpanColumns): ChunkDigest {
  const groups = new Map<number, Group>();
  const resources = new Set<number>();
  const attributes = Buffer.alloc(FILTER_BYTES);
  const visit = (hash: number) => put(attributes, hash);
  for (let span = 0; span < columns.length; span++) {
    const key = wordOf(columns, span, WORD.operation) * 4 + statusOf(columns, span);
    addToGroup(groups, key, durationAt(columns, span));
    resources.add(wordOf(columns, span, WORD.resource));
    const at = wordOf(columns, span, WORD.textAt);
    eachAttributeHash(columns.texts, at, at + wordOf(columns, span, WORD.attributes), visit);
  }
  const flags = (hasEqualIds(columns) ? HAS_PARTS : 0) | (hasOddTimes(columns) ? HAS_ODD_TIMES : 0);
  return { groups: encodeGroups(flags, groups, resources), attributes };
}

function addToGroup(groups: Map<number, Group>, key: number, durationNs: number): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, { minNs: durationNs, maxNs: durationNs });
  else if (durationNs < group.minNs) group.minNs = durationNs;
  else if (durationNs > group.maxNs) group.maxNs = durationNs;
}

function encodeGroups(
  flags: number,
  groups: ReadonlyMap<number, Group>,
  resources: ReadonlySet<number>,
): Buffer {
  const bytes = Buffer.alloc((HEAD_WORDS + groups.size * GROUP_WORDS + resources.size) * 4);
  bytes.writeUInt32LE(flags, 0);
  bytes.writeUInt32LE(groups.size, 4);
  bytes.writeUInt32LE(resources.size, 8);
  let at = HEAD_WORDS * 4;
  for (const [key, { minNs, maxNs }] of groups) {
    at = bytes.writeUInt32LE(key, at);
    at = bytes.writeFloatLE(roundDown(minNs), at);
    at = bytes.writeFloatLE(-roundDown(-maxNs), at);
  }
  for (const resource of resources) at = bytes.writeUInt32LE(resource, at);
  return bytes;
}

/** The nearest float of 32 bits at or below a number; durations are far from the ends of its range. */
function roundDown(value: number): number {
  const near = Math.fround(value);
  return near <= value ? near : Math.fround(near - Math.abs(near) * 2 ** -23);
}

/** max(0, end − start) as `Span.durationNs` has it. */
function durationAt({ times }: SpanColumns, span: number): number {
  return Math.max(0, Number(times[span * 2 + 1] ?? 0n));
}

/** Whether two spans of one trace that stand in the chunk have the same id. */
function hasEqualIds(columns: SpanColumns): boolean {
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

function hasOddTimes(columns: SpanColumns): boolean {
  for (let span = 0; span < columns.length; span++) {
    if (timeFlagsOf(columns, span) & TIME_FLAGS.noStart) return true;
    if (columns.times[span * 2] === 0n) return true;
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
