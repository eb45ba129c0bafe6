import { formatBytes } from './format-bytes.ts';
import { formatCount } from './format-count.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { cell, type Report } from './report.ts';

/** What pruning took out of a store, or would. */
export interface StorePruneFacts {
  readonly path: string;
  /** Nothing was changed. */
  readonly isDryRun: boolean;
  readonly removed: StoredCounts;
  readonly kept: StoredCounts;
  /** Of the file before and after; equal after a dry run. */
  readonly sizeBytesBefore: number;
  readonly sizeBytes: number;
}

interface StoredCounts {
  readonly traces: number;
  readonly spans: number;
}

/** What a vacuum did to a store's file. */
export type StoreVacuumFacts = Pick<StorePruneFacts, 'path' | 'sizeBytesBefore' | 'sizeBytes'>;

/** `tracecli store prune --json`. */
export function storePruneDocument(facts: StorePruneFacts, version: string): JsonDocument {
  const { path, isDryRun, removed, kept, sizeBytesBefore, sizeBytes } = facts;
  return {
    ...documentHead('store-prune', version),
    path,
    isDryRun,
    removed: { traces: removed.traces, spans: removed.spans },
    kept: { traces: kept.traces, spans: kept.spans },
    sizeBytesBefore,
    sizeBytes,
  };
}

/** The same for reading. */
export function storePruneReport(facts: StorePruneFacts): Report {
  const { path, isDryRun, removed, kept, sizeBytesBefore, sizeBytes } = facts;
  const verb = isDryRun ? 'would remove' : 'removed';
  const lines = [
    cell(removed.traces === 0 ? 'nothing to remove' : `${verb} ${counts(removed)}, oldest first`),
    cell(`the store ${isDryRun ? 'would hold' : 'holds'} ${counts(kept)}: ${path}`, 'dim'),
  ];
  if (sizeBytes < sizeBytesBefore) lines.push(sizeLine(sizeBytesBefore, sizeBytes));
  else if (removed.traces > 0 && !isDryRun) lines.push(cell(KEEPS_SIZE, 'dim'));
  return { sections: [{ title: '', lines, tables: [] }] };
}

const KEEPS_SIZE =
  'the file keeps its size and the next import fills it; tracecli store vacuum makes it smaller';

/** `tracecli store vacuum --json`. */
export function storeVacuumDocument(facts: StoreVacuumFacts, version: string): JsonDocument {
  const { path, sizeBytesBefore, sizeBytes } = facts;
  return { ...documentHead('store-vacuum', version), path, sizeBytesBefore, sizeBytes };
}

/** The same for reading. */
export function storeVacuumReport({ path, sizeBytesBefore, sizeBytes }: StoreVacuumFacts): Report {
  const lines = [cell(`rewrote the store ${path}`), sizeLine(sizeBytesBefore, sizeBytes)];
  return { sections: [{ title: '', lines, tables: [] }] };
}

function sizeLine(before: number, after: number) {
  return cell(`${formatBytes(before)} before, ${formatBytes(after)} now`, 'dim');
}

function counts({ traces, spans }: StoredCounts): string {
  return `${formatCount(traces, 'trace')}, ${formatCount(spans, 'span')}`;
}
