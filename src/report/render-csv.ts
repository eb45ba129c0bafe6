import { cleanText } from './clean-text.ts';
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

/**
 * A value of CSV, quoted where it must be. Numbers stay numbers. Text is cleaned, for it may be read on a terminal, and a spreadsheet
 * would take some of it for a formula: it gets an apostrophe before what begins like one, also behind a semicolon, which separates
 * where a comma is the decimal point (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvField(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const begins = /^\s*[\t\r\n]/.test(value) ? `'${cleanText(value)}` : cleanText(value);
  const text = begins.replace(/(^|;)(["'\s]*)([=+\-@＝＋－＠])/g, "$1'$2$3");
  return /[",;]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
