import type { ChalkInstance } from 'chalk';
import { nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import {
  type AlignedRow,
  type AlignedTraces,
  changeOf,
  errorChangeOf,
  type RowChange,
} from '../verdict/align-traces.ts';
import { cellWidth } from './cell-width.ts';
import { cleanLines, narrowText } from './clean-text.ts';
import { formatEffect } from './format-change.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { csvField } from './render-csv.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { fitted } from './render-table.ts';
import { shortTraceId } from './trace-id-text.ts';

/** `tracecli diff --json` of two traces. Rows are in the order of the drawing. */
export function diffDocument(aligned: AlignedTraces, version: string): JsonDocument {
  return {
    ...documentHead('diff', version),
    a: traceFacts(aligned.a),
    b: traceFacts(aligned.b),
    counts: { ...countsOf(aligned) },
    rows: aligned.rows.map((row) => ({
      change: changeOf(row, aligned),
      errorChange: errorChangeOf(row),
      depth: row.depth,
      service: nodeOf(row).service,
      name: nodeOf(row).span.name,
      kind: nodeOf(row).span.kind,
      changeNs: row.a && row.b ? row.b.span.durationNs - row.a.span.durationNs : null,
      criticalChangeNs: row.bCriticalNs - row.aCriticalNs,
      a: row.a && sideDocument(row.a, row.aCriticalNs),
      b: row.b && sideDocument(row.b, row.bCriticalNs),
    })),
  };
}

function traceFacts({ traceId, startUnixNano, durationNs, nodes }: Trace) {
  return { traceId, startUnixNano, durationNs, spans: nodes.length };
}

function sideDocument({ span, startNs }: TraceNode, criticalNs: number) {
  const { spanId, name, durationNs, statusCode } = span;
  return { spanId, name, startNs, durationNs, criticalNs, status: statusCode };
}

function nodeOf({ a, b }: AlignedRow): TraceNode {
  if (a !== null) return a;
  if (b !== null) return b;
  throw new RangeError('a row without spans');
}

function countsOf(aligned: AlignedTraces) {
  const changes = aligned.rows.map((row) => changeOf(row, aligned));
  const errors = aligned.rows.map(errorChangeOf);
  const of = (change: RowChange) => changes.filter((found) => found === change).length;
  return {
    same: of('same'),
    slower: of('slower'),
    faster: of('faster'),
    added: of('added'),
    removed: of('removed'),
    newErrors: errors.filter((change) => change === 'new').length,
    goneErrors: errors.filter((change) => change === 'gone').length,
  };
}

export interface DiffTextOptions {
  readonly width: number;
  readonly paint: ChalkInstance;
}

const MARKS: Readonly<Record<RowChange, string>> = {
  same: ' ',
  slower: '▲',
  faster: '▼',
  added: '+',
  removed: '-',
};
const DURATION_CELLS = 8;
const EFFECT_CELLS = 8;
const MAX_INDENT = 24;

/**
 * Two traces for reading: a line a span, with its bar in the first trace above… beside that in the second, both on one scale.
 *
 *     ▲ web: GET /           20.0ms →   35.0ms  +75 %  ████████            ██████████████
 *     +   auth: check             – →   10.0ms         ·                      ████
 */
export function diffText(aligned: AlignedTraces, { width, paint }: DiffTextOptions): string {
  const { a, b, rows } = aligned;
  const numbers = 2 * DURATION_CELLS + EFFECT_CELLS + 6;
  const label = Math.max(20, Math.floor((width - numbers) * 0.5));
  const bar = Math.max(6, Math.floor((width - numbers - label - 5) / 2));
  const scale = bar / Math.max(1, a.durationNs, b.durationNs);
  const lines = rows.map((row) => {
    const change = changeOf(row, aligned);
    const style = STYLES[change](paint);
    const effect = row.a && row.b ? effectOf(row.a.span.durationNs, row.b.span.durationNs) : '';
    const numbers = `${right(durationText(row.a), DURATION_CELLS)} → ${right(durationText(row.b), DURATION_CELLS)} ${right(effect, EFFECT_CELLS)}`;
    const bars = `${barText(row.a, scale, bar)}  ${barText(row.b, scale, bar)}`.trimEnd();
    return `${style(`${MARKS[change]} ${left(labelText(row), label)}`)} ${numbers}  ${bars}`.trimEnd();
  });
  return `${headText(aligned, paint)}\n${lines.join('\n')}\n\n${paint.dim(LEGEND)}\n`;
}

const LEGEND =
  '▲ slower by 10 % or more  ▼ faster  + added  - removed  ✖ fails only now  ✔ no longer fails';

const STYLES: Readonly<Record<RowChange, (paint: ChalkInstance) => (text: string) => string>> = {
  same: () => (text) => text,
  slower: (paint) => paint.red,
  faster: (paint) => paint.green,
  added: (paint) => paint.yellow,
  removed: (paint) => paint.dim,
};

function headText(aligned: AlignedTraces, paint: ChalkInstance): string {
  const { a, b } = aligned;
  const { slower, faster, added, removed, newErrors, goneErrors } = countsOf(aligned);
  const counts = [
    [slower, 'slower'],
    [faster, 'faster'],
    [added, 'added'],
    [removed, 'removed'],
    [newErrors, 'newly failing'],
    [goneErrors, 'no longer failing'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const trace = ({ traceId, durationNs, nodes }: Trace) =>
    `${paint.bold(shortTraceId(traceId))} ${formatDuration(durationNs)} ${formatCount(nodes.length, 'span')}`;
  const effect = effectOf(a.durationNs, b.durationNs);
  return `${trace(a)} → ${trace(b)}  ${effect}\n${told.join(', ') || 'no differences'}\n`;
}

function labelText(row: AlignedRow): string {
  const { service, span } = nodeOf(row);
  const indent = '  '.repeat(Math.min(row.depth, MAX_INDENT / 2));
  const error = errorChangeOf(row);
  const mark = error === 'new' ? ' ✖' : error === 'gone' ? ' ✔' : '';
  return `${indent}${narrowText(`${service}: ${span.name || '(unnamed)'}`)}${mark}`;
}

function durationText(node: TraceNode | null): string {
  return node === null ? '–' : formatDuration(node.span.durationNs);
}

function effectOf(from: number, to: number): string {
  return from === 0 ? '' : formatEffect(to / from - 1);
}

function barText(node: TraceNode | null, scale: number, cells: number): string {
  if (node === null) return ' '.repeat(cells);
  const from = Math.min(cells - 1, Math.floor(node.startNs * scale));
  const to = Math.min(cells, Math.max(from + 1, Math.round(node.endNs * scale)));
  return `${' '.repeat(from)}${'█'.repeat(to - from)}`.padEnd(cells);
}

function left(text: string, cells: number): string {
  const cut = fitted(text, cells);
  return cut + ' '.repeat(Math.max(0, cells - cellWidth(cut)));
}

function right(text: string, cells: number): string {
  return ' '.repeat(Math.max(0, cells - cellWidth(text))) + text;
}

/** A row a span, as CSV (RFC 4180). */
export function diffCsv(aligned: AlignedTraces): string {
  const header = [
    'change',
    'error_change',
    'depth',
    'service',
    'operation',
    'a_span',
    'b_span',
    'a_ns',
    'b_ns',
    'a_critical_ns',
    'b_critical_ns',
  ];
  const rows = aligned.rows.map((row) => [
    changeOf(row, aligned),
    errorChangeOf(row),
    row.depth,
    nodeOf(row).service,
    nodeOf(row).span.name,
    row.a?.span.spanId ?? null,
    row.b?.span.spanId ?? null,
    row.a?.span.durationNs ?? null,
    row.b?.span.durationNs ?? null,
    nanos(Math.round(row.aCriticalNs)),
    nanos(Math.round(row.bCriticalNs)),
  ]);
  return [header, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

/** The drawing for a comment. */
export function diffMarkdown(aligned: AlignedTraces, options: DiffTextOptions): string {
  const text = cleanLines(diffText(aligned, options)).trimEnd();
  const ticks = '`'.repeat(
    Math.max(3, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length + 1)),
  );
  return `${ticks}text\n${text}\n${ticks}\n`;
}
