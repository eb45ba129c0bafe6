import { documentHead } from './render-json.ts';
import { cell, type Report } from './report.ts';

/** One step by which a query finds its traces. */
export interface PlanStep {
  /** `all`: everything there is; `list`: conditions on traces, by the store's lists; `columns`: conditions on spans; `evaluate`: the query itself. */
  readonly step: 'all' | 'list' | 'columns' | 'evaluate';
  /** What was asked. */
  readonly what: string;
  /** Traces that are left behind the step. */
  readonly traces: number;
  /** Of `columns`: chunks of spans in the store, and how many were looked into. */
  readonly chunks?: number;
  readonly chunksRead?: number;
  /** Of `evaluate`: spans of the traces that were built. */
  readonly spans?: number;
}

/** How a query is understood and answered. */
export interface Explanation {
  /** As it was typed. */
  readonly typed: string;
  /** The TraceQL that it stands for. */
  readonly query: string;
  readonly steps: readonly PlanStep[];
}

/** The plan as JSON. */
export function explainDocument({ typed, query, steps }: Explanation, version: string) {
  return {
    ...documentHead('explain', version),
    typed,
    query,
    steps: steps.map(({ step, what, traces, chunks, chunksRead, spans }) => ({
      step,
      what,
      traces,
      chunks: chunks ?? null,
      chunksRead: chunksRead ?? null,
      spans: spans ?? null,
    })),
  };
}

/** The plan as a table: a line a step, with the traces that it leaves. */
export function explainReport({ query, steps }: Explanation): Report {
  return {
    sections: [
      { title: 'TraceQL', lines: [cell(query)], tables: [] },
      {
        title: 'Plan',
        lines: [],
        tables: [
          {
            columns: [
              { header: 'step', align: 'left' },
              { header: 'traces left', align: 'right' },
              { header: 'touched', align: 'left' },
              { header: 'what', align: 'left', shrinks: true },
            ],
            rows: steps.map((step) => [
              cell(step.step),
              cell(step.traces.toLocaleString('en')),
              cell(touched(step), 'dim'),
              cell(step.what),
            ]),
            omitted: 0,
          },
        ],
      },
    ],
  };
}

function touched({ chunks, chunksRead, spans }: PlanStep): string {
  if (chunks !== undefined && chunksRead !== undefined) {
    return `${chunksRead.toLocaleString('en')} of ${chunks.toLocaleString('en')} chunks`;
  }
  return spans === undefined ? '' : `${spans.toLocaleString('en')} spans`;
}
