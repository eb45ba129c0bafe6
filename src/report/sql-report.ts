import { documentHead, type JsonDocument } from './render-json.ts';
import { type Cell, cell, type Report } from './report.ts';

type SqlValue = string | number | bigint | Uint8Array | null;

/** Rows that a SELECT gave. */
export interface SqlRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  readonly isCut: boolean;
}

/** `tracecli sql --json`. Integers past 2^53 are decimal strings, blobs lower-case hex. */
export function sqlDocument({ columns, rows, isCut }: SqlRows, version: string): JsonDocument {
  return {
    ...documentHead('sql', version),
    columns,
    rows: rows.map((row) => row.map(jsonValue)),
    more: isCut,
  };
}

function jsonValue(value: SqlValue): JsonDocument {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value instanceof Uint8Array) return hex(value);
  return value;
}

/** The same for reading. In a pipe no cell is cut: whoever reads it wants the data. */
export function sqlReport(
  { columns, rows, isCut }: SqlRows,
  { wraps }: { readonly wraps: boolean },
): Report {
  const isNumber = columns.map((_, i) =>
    rows.some((row) => typeof row[i] === 'bigint' || typeof row[i] === 'number'),
  );
  const table = {
    columns: columns.map((header, i) => ({
      header,
      align: isNumber[i] ? ('right' as const) : ('left' as const),
      shrinks: wraps && !isNumber[i],
    })),
    rows: rows.map((row) => row.map(cellOf)),
    omitted: 0,
  };
  const lines = rows.length === 0 ? [cell('no rows', 'dim')] : [];
  const note = isCut ? `only the first ${rows.length} rows; --limit N shows more` : undefined;
  return {
    sections: [
      {
        title: '',
        lines,
        tables: rows.length === 0 ? [] : [table],
        ...(note !== undefined && { note }),
      },
    ],
  };
}

function cellOf(value: SqlValue): Cell {
  if (value === null) return cell('NULL', 'dim');
  return cell(value instanceof Uint8Array ? hex(value) : String(value));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
