import { renumber } from '../encoding/batch-columns.ts';
import {
  INT64,
  INT64_PER_ROW,
  type RareFields,
  UINT32,
  UINT32_PER_ROW,
} from '../encoding/span-batch.ts';
import type { SpanBatchBuilder } from '../encoding/span-batch-builder.ts';
import { traceId } from '../model/ids.ts';
import { addTexts, type ScannerExports } from './scanner-module.ts';

const TRACE_ID_BYTES = 16;
/** An id, and how many of its digits its dump spells. */
const TRACE_KEY_BYTES = 20;
/** Row; where the message begins and its length, the same of the other fields; digits of the ids. */
const RARE_WORDS = 6;

/** Copies all rows that a scanner has read to the end of a batch. `memory` is the scanner's. */
export function appendRows(wasm: ScannerExports, memory: Buffer, builder: SpanBatchBuilder): void {
  const { buffer } = memory;
  const length = wasm.rowCount();
  const int64 = new BigInt64Array(buffer, wasm.INTS.value, length * INT64_PER_ROW).slice();
  const uint32 = new Uint32Array(buffer, wasm.WORDS.value, length * UINT32_PER_ROW).slice();
  const hashes = new Float64Array(buffer, wasm.HASHES.value, length).slice();
  const text = new Uint8Array(buffer, wasm.TEXT.value, wasm.textBytes()).slice();
  renumber(uint32, UINT32.trace, tracesIn(wasm, memory, builder));
  renumber(uint32, UINT32.name, namesIn(wasm, memory, builder));
  builder.append({ length, int64, uint32, hashes, text, rare: rareFields(wasm, memory, int64) });
}

/** Index in the batch of each trace. */
function tracesIn(
  wasm: ScannerExports,
  memory: Buffer,
  builder: SpanBatchBuilder,
): readonly number[] {
  const start = wasm.traceIds();
  return Array.from({ length: wasm.traceCount() }, (_, trace) => {
    const at = start + trace * TRACE_KEY_BYTES;
    const id = traceId(memory.toString('hex', at, at + TRACE_ID_BYTES));
    if (id === null) throw new RangeError('the scanner gave a trace id that is none');
    return builder.trace(id, cutId(id, memory.readUInt32LE(at + TRACE_ID_BYTES)));
  });
}

/** Index in the batch of each name. */
function namesIn(
  { nameBytes, nameEnds, nameCount }: ScannerExports,
  memory: Buffer,
  builder: SpanBatchBuilder,
): readonly number[] {
  const names = addTexts(memory, [], nameBytes(), nameEnds(), nameCount());
  return names.map((name) => builder.name(name));
}

/** The rare fields by row. */
function rareFields(
  wasm: ScannerExports,
  memory: Buffer,
  int64: BigInt64Array,
): Map<number, RareFields> {
  const fields = new Map<number, RareFields>();
  const words = new Uint32Array(memory.buffer, wasm.RARE.value, wasm.rareCount() * RARE_WORDS);
  /** A text by the two words that say where it begins and how long it is. */
  const textAt = (at: number) => {
    const from = wasm.RARE_TEXT.value + (words[at] ?? 0);
    return memory.toString('utf8', from, from + (words[at + 1] ?? 0));
  };
  for (let at = 0; at < words.length; at += RARE_WORDS) {
    const row = words[at] ?? 0;
    const digits = words[at + 5] ?? 0;
    const idRaw = (column: number, length: number) =>
      cutId(hexId(int64[row * INT64_PER_ROW + column] ?? 0n), length);
    fields.set(row, {
      statusMessage: textAt(at + 1),
      extra: textAt(at + 3) || null,
      spanIdRaw: idRaw(INT64.spanId, digits & 0xff),
      parentSpanIdRaw: idRaw(INT64.parentSpanId, digits >> 8),
    });
  }
  return fields;
}

function hexId(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16).padStart(16, '0');
}

/** The last `digits` of an id, as its dump spells it; null for 0, which means all. */
function cutId(id: string, digits: number): string | null {
  return digits === 0 ? null : id.slice(-digits);
}
