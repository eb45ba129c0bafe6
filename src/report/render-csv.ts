import type { VerdictFacts } from './verdict-facts.ts';

const HEADER = [
  'what',
  'service',
  'operation',
  'kind',
  'metric',
  'status',
  'base',
  'current',
  'effect',
  'low',
  'high',
  'p',
  'adjusted_p',
  'base_traces',
  'current_traces',
];

type Value = string | number | null;

/** A verdict as CSV (RFC 4180): a row a check, a figure of a compared operation, a change of structure. Durations in nanoseconds. */
export function verdictCsv({ checks, comparison }: VerdictFacts): string {
  const rows: Value[][] = [HEADER];
  for (const { id, status, expected, actual, unit, n } of checks)
    rows.push([
      'check',
      '',
      id,
      '',
      unit,
      status,
      expected,
      actual,
      null,
      null,
      null,
      null,
      null,
      null,
      n,
    ]);
  for (const {
    service,
    name,
    kind,
    isRequest,
    baseTraces,
    currentTraces,
    changes,
  } of comparison?.operations ?? [])
    for (const change of changes) {
      const { metric, status, base, current, effect, low, high, p, adjustedP } = change;
      const what = isRequest ? 'request' : 'operation';
      const figures = [base, current, effect, low, high, p, adjustedP].map(rounded);
      rows.push([what, service, name, kind, metric, status, ...figures, baseTraces, currentTraces]);
    }
  for (const {
    kind,
    request,
    detail,
    status,
    base,
    current,
    p,
    adjustedP,
  } of comparison?.structure ?? [])
    rows.push([
      'structure',
      request.service,
      request.name,
      kind,
      detail,
      status,
      ...[base, current, null, null, null, p, adjustedP].map(rounded),
      comparison?.base.traces ?? null,
      comparison?.current.traces ?? null,
    ]);
  return rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

function rounded(value: number | null): number | null {
  return value === null || Number.isInteger(value) ? value : Number(value.toPrecision(6));
}

/** Quoted where it must be. A spreadsheet would take text that begins like a formula for one: it gets an apostrophe. */
export function csvField(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
