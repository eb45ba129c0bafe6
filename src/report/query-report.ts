import type { Attributes } from '../model/attributes.ts';
import { type Nanos, nanos, unixNano } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { attributesJson } from './attribute-json.ts';
import { formatDuration } from './format-duration.ts';
import { formatTime, type TimeZone } from './format-time.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Report, type Section } from './report.ts';
import { traceIdText } from './trace-id-text.ts';

/** A value that a query gave a name, e.g. `by(name)` or `.http.route`. */
export interface QueryValue {
  readonly name: string;
  /** For tables. */
  readonly text: string;
  /** For JSON: of one attribute or none, under its name. */
  readonly json: Attributes;
}

/** Spans of one trace that a query found together. */
export interface QuerySpanset {
  /** By start. */
  readonly nodes: readonly TraceNode[];
  /** What groups and aggregates say about all of them. */
  readonly values: readonly QueryValue[];
}

/** What a query found in one trace. */
export interface QueryTrace {
  readonly trace: Trace;
  readonly spansets: readonly QuerySpanset[];
  /** What `select()` asked for of a span. */
  readonly selected: (node: TraceNode) => readonly QueryValue[];
}

/** What a query found. */
export interface QueryFacts {
  /** In its canonical form. */
  readonly query: string;
  /** Newest first; some of all. */
  readonly traces: readonly QueryTrace[];
  /** How many traces have spans that were found. */
  readonly matching: number;
}

/** `tracecli query --json` for a query that finds spans. */
export function queryDocument(
  { query, traces, matching }: QueryFacts,
  version: string,
): JsonDocument {
  return {
    ...documentHead('query', version),
    query,
    kind: 'spans',
    matching,
    traces: traces.map(({ trace, spansets, selected }) => ({
      traceId: trace.traceId,
      startUnixNano: trace.startUnixNano,
      durationNs: trace.durationNs,
      spansets: spansets.map(({ nodes, values }) => ({
        values: valuesJson(values),
        spans: nodes.map((node) => spanJson(trace, node, selected(node))),
      })),
    })),
  };
}

function spanJson(trace: Trace, node: TraceNode, selected: readonly QueryValue[]) {
  const { span, service, startNs } = node;
  return {
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    service,
    name: span.name,
    kind: span.kind,
    status: span.statusCode,
    startUnixNano: trace.startUnixNano + BigInt(startNs),
    durationNs: span.durationNs,
    selected: valuesJson(selected),
  };
}

function valuesJson(values: readonly QueryValue[]): JsonDocument {
  return attributesJson(new Map(values.flatMap(({ json }) => [...json])));
}

/** Spans of one set that are printed; JSON has all. */
const SPANS_SHOWN = 10;

const SPAN_COLUMNS: readonly Column[] = [
  { header: 'SPAN', align: 'left' },
  { header: 'START', align: 'right' },
  { header: 'DURATION', align: 'right' },
  { header: 'STATUS', align: 'left' },
  { header: 'SERVICE', align: 'left', shrinks: true },
  { header: 'NAME', align: 'left', shrinks: true },
];

/** Every trace with the spans that were found, for reading. */
export function queryReport(
  { traces, matching }: QueryFacts,
  { zone }: { readonly zone: TimeZone },
): Report {
  if (matching === 0) {
    return { sections: [{ title: '', lines: [cell('no span matches')], tables: [] }] };
  }
  const sections = traces.flatMap((trace) => traceSections(trace, zone));
  const rest = matching - traces.length;
  const more = rest > 0 ? [cell(`… ${rest.toLocaleString('en')} more traces`, 'dim')] : [];
  return { sections: [...sections, { title: '', lines: more, tables: [] }] };
}

function traceSections({ trace, spansets, selected }: QueryTrace, zone: TimeZone): Section[] {
  const start = formatTime(unixNano(trace.startUnixNano), zone);
  const title = `${traceIdText(trace.traceId)}  ${start}  ${formatDuration(trace.durationNs)}`;
  return spansets.map(({ nodes, values }, index) => {
    const shown = nodes.slice(0, SPANS_SHOWN);
    const extra = shown[0] === undefined ? [] : selected(shown[0]).map(({ name }) => name);
    return {
      title: index === 0 ? title : '',
      lines: values.length === 0 ? [] : [cell(valuesText(values))],
      tables: [
        {
          columns: [
            ...SPAN_COLUMNS,
            ...extra.map((header): Column => ({ header, align: 'left', shrinks: true })),
          ],
          rows: shown.map((node) => [
            ...spanCells(node),
            ...selected(node).map(({ text }) => cell(text)),
          ]),
          omitted: nodes.length - shown.length,
        },
      ],
    };
  });
}

function valuesText(values: readonly QueryValue[]): string {
  return values.map(({ name, text }) => `${name} = ${text}`).join('   ');
}

function spanCells({ span, service, startNs }: TraceNode): Cell[] {
  const isError = span.statusCode === 'error';
  return [
    cell(span.spanId, 'accent'),
    cell(formatOffset(startNs)),
    cell(formatDuration(span.durationNs), 'strong'),
    cell(span.statusCode, isError ? 'error' : 'dim'),
    cell(service),
    cell(span.name || '(unnamed)'),
  ];
}

function formatOffset(startNs: Nanos): string {
  return startNs < 0 ? formatDuration(startNs) : `+${formatDuration(nanos(startNs))}`;
}
