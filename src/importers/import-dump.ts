import type { SpanBatch } from '../encoding/span-batch.ts';
import { SpanBatchBuilder } from '../encoding/span-batch-builder.ts';
import type { Span } from '../model/span.ts';
import { UserError } from '../model/user-error.ts';
import { detectFormat, formatNamed } from './detect-format.ts';
import type { IssueCount } from './import-issue.ts';
import { ImportOutput } from './import-output.ts';
import { dumpHead, HEAD_BYTES } from './json/head-json.ts';
import type { MemoryLimits } from './memory-limits.ts';
import type { OpenDump } from './open-dump.ts';
import type { DumpHead } from './trace-format.ts';

/** What became of one dump. Always: records + split = spans + records that gave no span. */
export interface DumpReport {
  readonly name: string;
  /** Name of the format it was read as. */
  readonly format: string;
  /** Wire records read, whatever became of them. */
  readonly records: number;
  /** Spans that records gave beyond one each. */
  readonly split: number;
  /** Spans given. */
  readonly spans: number;
  /** One per code, by the place of its first, then by code. */
  readonly issues: readonly IssueCount[];
}

export interface ImportDumpOptions {
  /** The name of a format, or `auto` to tell it from the content. */
  readonly format: string;
  /** Spans per batch, at most; 2,000 unless said otherwise. */
  readonly batchSize?: number;
  /** How much of the dump may be held; what `--max-memory` allows by default unless said otherwise. */
  readonly limits?: MemoryLimits;
  /** Told before each batch how many issues there are so far. */
  readonly onIssues?: (count: number) => void;
}

const DEFAULT_BATCH_SIZE = 2000;

/** A batch for the store has so many rows, or so much text, and what the rest of a chunk of the dump, or of a resource's spans, gives. */
const BATCH_ROWS = 8000;
const BATCH_TEXT_BYTES = 4 * 1024 * 1024;

/**
 * Reads a dump: yields its spans in batches, in the order of the dump, and returns what became of it. Throws a UserError when it
 * cannot be read, is empty or is no trace dump; whatever is wrong inside becomes an issue. Memory does not grow with the dump.
 */
export function importDump(
  dump: OpenDump,
  { batchSize = DEFAULT_BATCH_SIZE, ...options }: ImportDumpOptions,
): AsyncGenerator<readonly Span[], DumpReport> {
  const output = new ImportOutput(options.limits);
  return readDump(dump, options, output, (isEnd) => {
    const { waiting } = output;
    return waiting >= batchSize || (isEnd && waiting > 0) ? output.take(batchSize) : null;
  });
}

/**
 * The same with the spans encoded for the store: formats that can do it make them from the bytes without any object per span. Both
 * ways give the same spans and the same report; within a batch the order may differ.
 */
export function importBatches(
  dump: OpenDump,
  { batchSize = BATCH_ROWS, ...options }: ImportDumpOptions,
): AsyncGenerator<SpanBatch, DumpReport> {
  const builder = new SpanBatchBuilder({ rows: batchSize, textBytes: BATCH_TEXT_BYTES });
  return readDump(dump, options, new ImportOutput(options.limits, builder), (isEnd) => {
    builder.closeIfFull();
    return builder.nextClosed() ?? (isEnd && builder.length > 0 ? builder.take() : null);
  });
}

/** `nextBatch` gives a batch of what waits in the output if there is enough for one, at the end whatever there is. */
async function* readDump<Batch>(
  dump: OpenDump,
  { format: formatName, onIssues }: ImportDumpOptions,
  output: ImportOutput,
  nextBatch: (isEnd: boolean) => Batch | null,
): AsyncGenerator<Batch, DumpReport> {
  const forced = formatName === 'auto' ? null : formatNamed(formatName);
  const chunks = dump.chunks()[Symbol.asyncIterator]();
  try {
    const { head, rest } = await readHead(chunks, dump);
    const format = forced ?? detectFormat(head, dump.name);
    const decoder = format.decode(output);
    let bytes = 0;
    for await (const chunk of rest) {
      bytes += chunk.length;
      decoder.push(chunk);
      onIssues?.(output.issueCount);
      for (let batch = nextBatch(false); batch !== null; batch = nextBatch(false)) yield batch;
    }
    decoder.end();
    onIssues?.(output.issueCount);
    for (let batch = nextBatch(true); batch !== null; batch = nextBatch(true)) yield batch;
    const damage = dump.damage();
    if (damage !== null) output.issue('truncated-input', { byte: bytes, line: null }, damage);
    if (output.holdsOnlyOtherSignals) throw onlyOtherSignals(dump.name);
    const { records, splits: split, spans } = output;
    return { name: dump.name, format: format.name, records, split, spans, issues: output.issues() };
  } finally {
    await chunks.return?.();
  }
}

/** Reads what detection needs, and gives it again as the beginning of `rest`. */
async function readHead(
  chunks: AsyncIterator<Uint8Array>,
  dump: OpenDump,
): Promise<{ head: DumpHead; rest: AsyncIterable<Uint8Array> }> {
  const read: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  while (length < HEAD_BYTES && !isWhole) {
    const next = await chunks.next();
    if (next.done === true) isWhole = true;
    else {
      read.push(Uint8Array.from(next.value));
      length += next.value.length;
    }
  }
  const bytes = Buffer.concat(read);
  if (isWhole && isBlank(bytes)) throw nothingIn(dump);
  const head = dumpHead(bytes.subarray(0, HEAD_BYTES), isWhole && length <= HEAD_BYTES);
  return { head, rest: joined(bytes, chunks) };
}

async function* joined(
  first: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    yield next.value;
  }
}

/** Whether there is nothing but white space and a byte order mark. */
function isBlank(bytes: Buffer): boolean {
  return bytes.length <= HEAD_BYTES && bytes.toString('utf8').trim() === '';
}

function nothingIn(dump: OpenDump): UserError {
  const name = dump.name === '-' ? 'standard input' : dump.name;
  const damage = dump.damage();
  if (damage === null) return new UserError('input', `${name} is empty`);
  return new UserError('input', `cannot decompress ${name}: ${damage}`);
}

function onlyOtherSignals(name: string): UserError {
  return new UserError('input', `${name} holds OTLP logs or metrics, no traces`, {
    fix: 'export the traces signal too, for example with a file exporter in the traces pipeline of the Collector',
  });
}
