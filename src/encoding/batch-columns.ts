import { type RareFields, type SpanBatch, UINT32, UINT32_PER_ROW } from './span-batch.ts';

/** The columns of a batch. */
export interface BatchColumns
  extends Pick<SpanBatch, 'length' | 'int64' | 'uint32' | 'hashes' | 'text'> {
  readonly rare: Map<number, RareFields>;
}

/** The columns of several parts of a batch as one; the only part there is comes back as it is. */
export function joinColumns(parts: readonly BatchColumns[]): BatchColumns {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const total = (sizeOf: (part: BatchColumns) => number) =>
    parts.reduce((sum, part) => sum + sizeOf(part), 0);
  const joined = {
    length: total((part) => part.length),
    int64: new BigInt64Array(total((part) => part.int64.length)),
    uint32: new Uint32Array(total((part) => part.uint32.length)),
    hashes: new Float64Array(total((part) => part.hashes.length)),
    text: new Uint8Array(total((part) => part.text.length)),
    rare: new Map<number, RareFields>(),
  };
  const end = { row: 0, int64: 0, text: 0 };
  for (const part of parts) {
    joined.int64.set(part.int64, end.int64);
    joined.uint32.set(part.uint32, end.row * UINT32_PER_ROW);
    joined.hashes.set(part.hashes, end.row);
    joined.text.set(part.text, end.text);
    for (const [row, fields] of part.rare) joined.rare.set(end.row + row, fields);
    moveTexts(joined.uint32, end.row, end.row + part.length, end.text);
    end.row += part.length;
    end.int64 += part.int64.length;
    end.text += part.text.length;
  }
  return joined;
}

/** The texts of the rows `from`…`to` have moved by `bytes`. */
function moveTexts(uint32: Uint32Array, from: number, to: number, bytes: number): void {
  const last = to * UINT32_PER_ROW;
  for (let at = from * UINT32_PER_ROW + UINT32.textAt; at < last; at += UINT32_PER_ROW) {
    uint32[at] = (uint32[at] ?? 0) + bytes;
  }
}

/** Replaces each row's number in `column` by what `numbers` has for it. */
export function renumber(
  uint32: Uint32Array,
  column: number,
  numbers: readonly number[] | Uint32Array,
): void {
  for (let at = column; at < uint32.length; at += UINT32_PER_ROW) {
    uint32[at] = numbers[uint32[at] ?? 0] ?? 0;
  }
}
