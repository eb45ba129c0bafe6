import { type Connection, connectionOf } from './connection.ts';
import type { Store } from './open-store.ts';
import { fromSqlText, type SqlText, toSqlText } from './sql-text.ts';

/** The dump that an import reads. */
export interface ImportedDump {
  /** Its name as the user gave it; `-` is standard input. */
  readonly dump: string;
  /** The format that its spans are in, e.g. `otlp-json`. */
  readonly format: string;
  /** Size of the file as it lies on the disk; null for a pipe. */
  readonly sizeBytes: number | null;
}

/** A dump that an import begins with. */
export interface BegunDump extends ImportedDump {
  /** Tells a file as it is now, and how it is read; absent or null for what cannot be told. */
  readonly fingerprint?: string | null;
}

/** One kind of problem of a dump, as the importer counted it. */
interface LoggedIssue {
  readonly code: string;
  readonly severity: string;
  readonly count: number;
  readonly firstAt: { readonly byte: number; readonly line: number | null };
  readonly example: string;
}

/** What an importer says of a dump that it has read to its end. */
export interface ImportReport {
  readonly format: string;
  /** Wire records read. */
  readonly records: number;
  /** Spans more than records, where one record holds several. */
  readonly split: number;
  readonly issues: readonly LoggedIssue[];
}

/** One line of the import log. */
export interface ImportLogEntry extends ImportedDump, ImportReport {
  /** When it began, ISO 8601 in UTC. */
  readonly importedAt: string;
  /** False while it runs, and for an import that was stopped: its committed spans are in the store. */
  readonly completed: boolean;
  /** One that was stopped, of a dump that was imported as a whole later: nothing is missing. */
  readonly completedLater: boolean;
  readonly spansAdded: number;
  readonly spansDuplicate: number;
  readonly traces: number;
}

/** Counts of an import so far. */
export interface ImportCounts {
  readonly spansAdded: number;
  readonly spansDuplicate: number;
  readonly traces: number;
}

/** All imports, in the order in which they began. `records`, `split` and `issues` are empty until an import is complete. */
export function listImports(store: Store): ImportLogEntry[] {
  return connectionOf(store)
    .all<LogRow>(
      `SELECT dump, format, size_bytes, imported_at, completed, spans_added, spans_duplicate, traces, records, split, issues, ${COMPLETED_LATER}
       FROM import_rows i ORDER BY import_key`,
    )
    .map(logEntry);
}

/** A dump is known by its name and size; what comes through a pipe has no size, and standard input no name. */
const COMPLETED_LATER = `completed = 0 AND dump <> '-' AND EXISTS (
  SELECT 1 FROM import_rows l WHERE l.dump = i.dump AND l.size_bytes IS i.size_bytes AND l.completed = 1 AND l.import_key > i.import_key
)`;

/** Begins a line of the log and returns its key. */
export function openLogEntry(connection: Connection, dump: ImportedDump): number {
  return connection.insert(
    `INSERT INTO import_rows
       (dump, format, size_bytes, imported_at, completed, spans_added, spans_duplicate, traces, records, split, issues)
     VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0, 0, '[]')`,
    [toSqlText(dump.dump), dump.format, dump.sizeBytes, new Date().toISOString()],
  );
}

/** Keeps the counts of a line current, in the transaction that writes the spans. */
export function updateLogEntry(connection: Connection, key: number, counts: ImportCounts): void {
  connection.run(
    'UPDATE import_rows SET spans_added = ?, spans_duplicate = ?, traces = ? WHERE import_key = ?',
    [counts.spansAdded, counts.spansDuplicate, counts.traces, key],
  );
}

/** Marks an import as complete. */
export function closeLogEntry(connection: Connection, key: number, report: ImportReport): void {
  connection.run(
    'UPDATE import_rows SET completed = 1, format = ?, records = ?, split = ?, issues = ? WHERE import_key = ?',
    [report.format, report.records, report.split, JSON.stringify(report.issues), key],
  );
}

type LogRow = readonly [
  dump: SqlText,
  format: string,
  sizeBytes: bigint | null,
  importedAt: string,
  completed: bigint,
  spansAdded: bigint,
  spansDuplicate: bigint,
  traces: bigint,
  records: bigint,
  split: bigint,
  issues: string,
  completedLater: bigint,
];

function logEntry([
  dump,
  format,
  sizeBytes,
  importedAt,
  completed,
  ...counts
]: LogRow): ImportLogEntry {
  const [spansAdded, spansDuplicate, traces, records, split, issues, completedLater] = counts;
  return {
    dump: fromSqlText(dump),
    format,
    sizeBytes: sizeBytes === null ? null : Number(sizeBytes),
    importedAt,
    completed: completed === 1n,
    completedLater: completedLater === 1n,
    spansAdded: Number(spansAdded),
    spansDuplicate: Number(spansDuplicate),
    traces: Number(traces),
    records: Number(records),
    split: Number(split),
    issues: JSON.parse(issues),
  };
}
