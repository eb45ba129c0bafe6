import { formatCount } from './format-count.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { type Cell, cell, type Report } from './report.ts';

/** One kind of problem of one dump. */
export interface IssueFacts {
  readonly code: string;
  readonly severity: 'dropped' | 'repaired' | 'noted';
  /** What it means for the data, one sentence. */
  readonly meaning: string;
  readonly count: number;
  readonly firstAt: { readonly byte: number; readonly line: number | null };
  /** The first one in a few words, quoting the dump. */
  readonly example: string;
}

/**
 * What became of one dump. Always: records + split = spans + merged + duplicates + dropped.
 */
export interface DumpFacts {
  readonly name: string;
  /** Null when the dump could not be read or is none. */
  readonly format: string | null;
  /** Wire records read. */
  readonly records: number;
  /** Spans that records gave beyond one each. */
  readonly split: number;
  /** Distinct traces that the dump has spans of. */
  readonly traces: number;
  /** Spans that the store did not have before. */
  readonly spans: number;
  /** Spans that the store, or the dump itself, had already. */
  readonly duplicates: number;
  /** Records that gave no span. */
  readonly dropped: number;
  readonly issues: readonly IssueFacts[];
  readonly error: { what: string; where: readonly string[]; fix: string | null } | null;
}

/** What became of all dumps of one import. */
export interface ImportFacts {
  readonly store: string;
  readonly dumps: readonly DumpFacts[];
  /** What the store holds afterwards. */
  readonly stored: { readonly traces: number; readonly spans: number };
}

/** `tracecli import --json`. */
export function importDocument({ dumps, stored }: ImportFacts, version: string): JsonDocument {
  return {
    ...documentHead('import', version),
    files: dumps.map(({ traces, spans, duplicates, dropped, issues, error, ...dump }) => ({
      name: dump.name,
      format: dump.format,
      records: dump.records,
      split: dump.split,
      traces,
      spans,
      merged: 0,
      duplicates,
      dropped,
      issues: issues.map(({ code, severity, count, firstAt, example }) => ({
        code,
        severity,
        count,
        firstAt: { line: firstAt.line, byte: firstAt.byte },
        example,
      })),
      error: error && { what: error.what, where: error.where, fix: error.fix },
    })),
    totals: {
      traces: stored.traces,
      spans: stored.spans,
      spansAdded: sum(dumps, (dump) => dump.spans),
      spansDuplicate: sum(dumps, (dump) => dump.duplicates),
      filesFailed: dumps.filter((dump) => dump.error !== null).length,
    },
  };
}

/** Up to this many dumps are described one by one. */
const SINGLY = 10;

/** What an import did, for reading: per dump what came in and what was odd; many dumps are summed up. */
export function importReport(facts: ImportFacts, options: { verbose: boolean }): Report {
  const read = facts.dumps.filter((dump) => dump.error === null);
  const lines =
    read.length <= SINGLY || options.verbose ? read.flatMap(dumpLines) : summaryLines(read);
  if (read.length > 0) lines.push(storeLine(facts));
  return { sections: [{ title: '', lines, tables: [] }] };
}

function dumpLines(dump: DumpFacts): Cell[] {
  const known = dump.duplicates > 0 ? `, ${number(dump.duplicates)} already known` : '';
  const head = `imported ${formatCount(dump.spans, 'span')} (${formatCount(dump.traces, 'trace')}${known}) from ${dump.name} as ${dump.format}`;
  return [cell(head), ...issueLines(dump.issues)];
}

function summaryLines(dumps: readonly DumpFacts[]): Cell[] {
  const formats = [...new Set(dumps.map((dump) => dump.format ?? ''))].sort().join(', ');
  const known = sum(dumps, (dump) => dump.duplicates);
  const head = `imported ${formatCount(
    sum(dumps, (dump) => dump.spans),
    'span',
  )} from ${number(dumps.length)} dumps (${formats})`;
  const issues = new Map<string, IssueFacts>();
  for (const { name, issues: found } of dumps) {
    for (const issue of found) {
      const before = issues.get(issue.code);
      const first = { ...issue, example: `${issue.example} (${name})` };
      issues.set(issue.code, before ? { ...before, count: before.count + issue.count } : first);
    }
  }
  const text = known > 0 ? `${head}, ${number(known)} already known` : head;
  return [cell(text), ...issueLines([...issues.values()])];
}

function storeLine({ stored, store }: ImportFacts): Cell {
  return cell(
    `the store holds ${formatCount(stored.traces, 'trace')}, ${formatCount(stored.spans, 'span')}: ${store}`,
    'dim',
  );
}

function issueLines(issues: readonly IssueFacts[]): Cell[] {
  const width = Math.max(...issues.map((issue) => number(issue.count).length), 0);
  return issues.map((issue) => {
    const text = `  ${issue.severity.padEnd(8)} ${number(issue.count).padStart(width)}  ${issueText(issue)}`;
    return cell(text, issue.severity === 'noted' ? 'dim' : 'warning');
  });
}

/** What was wrong and where first, in a line. */
export function issueText({ meaning, firstAt: { line, byte }, example }: IssueFacts): string {
  const place =
    line === null ? `byte ${number(byte)}` : `line ${number(line)}, byte ${number(byte)}`;
  return `${meaning}; first at ${place}: ${example}`;
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}

function number(count: number): string {
  return count.toLocaleString('en');
}
