import { openBatches } from '../importers/batch-source.ts';
import { fileFingerprint } from '../importers/bytes/file-fingerprint.ts';
import type { DumpReport } from '../importers/import-dump.ts';
import { IMPORT_ISSUES } from '../importers/import-issue.ts';
import { DEFAULT_MAX_MEMORY_BYTES, memoryLimits } from '../importers/memory-limits.ts';
import { type DumpFile, findDumps } from '../importers/open-dump.ts';
import { freezeYoungGeneration, unfreezeYoungGeneration } from '../importers/young-generation.ts';
import { UserError } from '../model/user-error.ts';
import type { DumpFacts } from '../report/import-report.ts';
import type { Store } from '../store/open-store.ts';
import { StoreFailure } from '../store/store-failure.ts';
import { refreshSummaries } from '../store/trace-summaries.ts';
import { beginImport, type ImportResult } from '../store/write-spans.ts';
import type { ImportProgress } from './import-progress.ts';
import { unlessAborted } from './interruption.ts';
import type { StageTimes } from './stage-times.ts';
import { VERSION } from './version.ts';

export interface ImportOptions {
  /** A format's name, or `auto`. */
  readonly format: string;
  /** `--max-memory` in bytes; the default where it was not given. */
  readonly maxMemory?: number | undefined;
  readonly progress: ImportProgress;
  /** Aborted: end after the batch that is being written. */
  readonly signal: AbortSignal;
  readonly stages: StageTimes;
}

/**
 * Imports dumps one after the other into `store`. A dump that cannot be read or is none is listed with its error, and the others are
 * imported all the same. An interruption ends the list before the dump that was being imported; what it had committed stays.
 * Throws a UserError when an argument names nothing or the store cannot be written.
 */
export async function importDumps(
  store: Store,
  args: readonly string[],
  options: ImportOptions,
): Promise<DumpFacts[]> {
  const files = await findDumps(args);
  const { progress } = options;
  progress.start(totalSize(files));
  freezeYoungGeneration();
  try {
    return await importAll(store, files, options);
  } finally {
    unfreezeYoungGeneration();
    progress.stop();
  }
}

async function importAll(
  store: Store,
  files: readonly DumpFile[],
  options: ImportOptions,
): Promise<DumpFacts[]> {
  const imported: DumpFacts[] = [];
  for (const file of files) {
    const facts = await importOne(store, file, options);
    if (facts === null) break;
    imported.push(facts);
  }
  options.progress.summarize();
  refreshSummaries(store);
  options.stages.end('summaries');
  return imported;
}

function totalSize(files: readonly DumpFile[]): number | null {
  return files.reduce<number | null>(
    (total, { sizeBytes }) => (total === null || sizeBytes === null ? null : total + sizeBytes),
    0,
  );
}

/** Null when it was interrupted. */
async function importOne(
  store: Store,
  file: DumpFile,
  { format, maxMemory, progress, signal, stages }: ImportOptions,
): Promise<DumpFacts | null> {
  let issues = 0;
  // Whatever ends this ends the thread that reads the dump.
  const end = new AbortController();
  const limits = memoryLimits(maxMemory ?? DEFAULT_MAX_MEMORY_BYTES);
  const { batches, bytesRead } = openBatches(file, {
    format,
    limits,
    signal: AbortSignal.any([signal, end.signal]),
    onIssues: (count) => {
      progress.advance(file.name, { bytes: 0, issues: count - issues });
      issues = count;
    },
  });
  const nextBatch = async () => {
    const batch = await unlessAborted(batches.next(), signal);
    stages.end('read and decode');
    return batch;
  };
  let bytes = 0;
  try {
    // The first batch shows that the dump is one before anything is written.
    let batch = await nextBatch();
    if (batch === null) return null;
    const sourceFormat = batch.done ? batch.value.format : (batch.value.sources[0] ?? format);
    const writer = beginImport(store, {
      dump: file.name,
      format: sourceFormat,
      sizeBytes: file.sizeBytes,
      fingerprint: await fileFingerprint(file, `${VERSION} ${format} ${JSON.stringify(limits)}`),
    });
    while (!batch.done) {
      writer.writeBatch(batch.value);
      stages.end('write');
      progress.advance(file.name, { bytes: bytesRead() - bytes, spans: batch.value.length });
      bytes = bytesRead();
      batch = await nextBatch();
      if (batch === null) return null;
    }
    return importedFacts(file.name, batch.value, writer.finish(batch.value));
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof StoreFailure) throw error;
    return failedFacts(file.name, error);
  } finally {
    end.abort();
    progress.advance(file.name, { bytes: (file.sizeBytes ?? bytes) - bytes });
  }
}

function importedFacts(name: string, report: DumpReport, result: ImportResult): DumpFacts {
  const { format, records, split, spans, issues } = report;
  return {
    name,
    format,
    records,
    split,
    traces: result.traces,
    spans: result.spansAdded,
    duplicates: result.spansDuplicate,
    dropped: records + split - spans,
    issues: issues.map((issue) => ({ ...issue, meaning: IMPORT_ISSUES[issue.code].meaning })),
    error: null,
  };
}

function failedFacts(name: string, { what, where, fix }: UserError): DumpFacts {
  const nothing = { records: 0, split: 0, traces: 0, spans: 0, duplicates: 0, dropped: 0 };
  return { name, format: null, ...nothing, issues: [], error: { what, where, fix } };
}
