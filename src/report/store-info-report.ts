import type { UnixNano } from '../model/time.ts';
import { formatBytes } from './format-bytes.ts';
import { formatCount } from './format-count.ts';
import { formatTime, type TimeZone } from './format-time.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { type Cell, cell, type Report, type Table } from './report.ts';

/** What is in a store. */
export interface StoreFacts {
  readonly path: string;
  readonly sizeBytes: number;
  readonly schemaVersion: number;
  readonly traces: number;
  readonly spans: number;
  readonly errors: number;
  readonly services: number;
  readonly operations: number;
  readonly firstStart: UnixNano | null;
  readonly lastEnd: UnixNano | null;
  readonly imports: readonly ImportedFacts[];
  readonly tables: readonly { name: string; rows: number; bytes: number }[];
}

export interface ImportedFacts {
  readonly dump: string;
  readonly format: string;
  readonly importedAt: string;
  readonly completed: boolean;
  readonly completedLater: boolean;
  readonly traces: number;
  readonly spansAdded: number;
  readonly spansDuplicate: number;
}

/** `tracecli store info --json`. */
export function storeInfoDocument(facts: StoreFacts, version: string): JsonDocument {
  const { imports, tables, firstStart, lastEnd, ...rest } = facts;
  return {
    ...documentHead('store-info', version),
    path: rest.path,
    sizeBytes: rest.sizeBytes,
    schemaVersion: rest.schemaVersion,
    traces: rest.traces,
    spans: rest.spans,
    errors: rest.errors,
    services: rest.services,
    operations: rest.operations,
    start: firstStart,
    end: lastEnd,
    imports: imports.map((entry) => ({
      name: entry.dump,
      format: entry.format,
      importedAt: entry.importedAt,
      completed: entry.completed,
      completedLater: entry.completedLater,
      traces: entry.traces,
      spansAdded: entry.spansAdded,
      spansDuplicate: entry.spansDuplicate,
    })),
    tables: tables.map(({ name, rows, bytes }) => ({ name, rows, bytes })),
  };
}

/** The same for reading. */
export function storeInfoReport(facts: StoreFacts, { zone }: { zone: TimeZone }): Report {
  const counts = `${formatCount(facts.traces, 'trace')}, ${formatCount(facts.spans, 'span')}, ${formatCount(facts.errors, 'error')}, ${formatCount(facts.services, 'service')}, ${formatCount(facts.operations, 'operation')}`;
  const lines = [
    cell(facts.path, 'strong'),
    cell(`${formatBytes(facts.sizeBytes)}, schema version ${facts.schemaVersion}`),
    cell(counts),
  ];
  if (facts.firstStart !== null && facts.lastEnd !== null) {
    lines.push(
      cell(`from ${formatTime(facts.firstStart, zone)} to ${formatTime(facts.lastEnd, zone)}`),
    );
  }
  return {
    sections: [
      { title: '', lines, tables: [] },
      { title: importsTitle(facts), lines: [], tables: [importsTable(facts)] },
      { title: 'Tables', lines: [], tables: [sizesTable(facts)] },
    ],
  };
}

function importsTitle({ imports }: StoreFacts): string {
  const { length } = imports;
  return length > SHOWN_IMPORTS ? `Imports, the last ${SHOWN_IMPORTS} of ${length}` : 'Imports';
}

/** The latest ones; the JSON has them all. */
const SHOWN_IMPORTS = 20;

function importsTable({ imports }: StoreFacts): Table {
  return {
    columns: [
      { header: 'DUMP', align: 'left', shrinks: true },
      { header: 'FORMAT', align: 'left' },
      { header: 'TRACES', align: 'right' },
      { header: 'SPANS', align: 'right' },
      { header: 'KNOWN', align: 'right' },
      { header: '', align: 'left' },
    ],
    rows: imports
      .slice(-SHOWN_IMPORTS)
      .map((entry) => [
        cell(entry.dump),
        cell(entry.format),
        cell(entry.traces.toLocaleString('en')),
        cell(entry.spansAdded.toLocaleString('en')),
        cell(entry.spansDuplicate.toLocaleString('en')),
        outcome(entry),
      ]),
    omitted: 0,
  };
}

function outcome({ completed, completedLater }: StoreFacts['imports'][number]): Cell {
  if (completed) return cell('');
  return completedLater
    ? cell('stopped, completed by a later one', 'dim')
    : cell('incomplete: import it again', 'warning');
}

function sizesTable({ tables }: StoreFacts): Table {
  return {
    columns: [
      { header: 'TABLE', align: 'left' },
      { header: 'ROWS', align: 'right' },
      { header: 'SIZE', align: 'right' },
    ],
    rows: tables.map(({ name, rows, bytes }) => [
      cell(name),
      cell(rows.toLocaleString('en')),
      cell(formatBytes(bytes)),
    ]),
    omitted: 0,
  };
}
