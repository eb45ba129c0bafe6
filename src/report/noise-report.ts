import type { NoiseFloor } from '../verdict/noise-floor.ts';
import { formatEffect, operationText } from './format-change.ts';
import { formatCount } from './format-count.ts';
import { formatRatio } from './format-ratio.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { type Column, cell, type Report } from './report.ts';

/** `tracecli compare --aa --json`. */
export function noiseDocument(
  names: readonly string[],
  { runs, operations, ...facts }: NoiseFloor,
  version: string,
): JsonDocument {
  return {
    ...documentHead('noise', version),
    runs: runs.map(({ traces, spans }, index) => ({ name: names[index] ?? '', traces, spans })),
    ...facts,
    operations: operations.map(({ service, name, kind, typical, p95 }) => ({
      service,
      name,
      kind,
      isRequest: kind === null,
      typical: rounded(typical),
      p95: rounded(p95),
    })),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}

const COLUMNS: readonly Column[] = [
  { header: 'TYPICAL', align: 'right' },
  { header: 'P95', align: 'right' },
  { header: 'WHERE', align: 'left', shrinks: true },
];

/** How far equal runs lie apart, for reading. `top` is for the rows. */
export function noiseReport(noise: NoiseFloor, top: number): Report {
  const { runs, pairs, pairsThatDiffer, operations, suggestedMinEffect } = noise;
  const traces = runs.map((run) => run.traces.toLocaleString('en')).join(', ');
  const rows = operations.map(({ typical, p95, kind, ...operation }) => [
    cell(formatEffect(typical), 'strong'),
    cell(formatEffect(p95)),
    cell(`${operationText(operation)} (${kind ?? 'request'})`),
  ]);
  const lines = [
    cell(`${formatCount(runs.length, 'run')} that should be equal, of ${traces} traces`),
    cell(
      `a comparison finds something in ${pairsThatDiffer} of ${formatCount(pairs, 'pair')}`,
      pairsThatDiffer > 0 ? 'warning' : 'plain',
    ),
  ];
  if (suggestedMinEffect !== null)
    lines.push(
      cell(
        suggestedMinEffect <= 0.1
          ? `requests differ by up to ${formatRatio(suggestedMinEffect)}: the default --min-effect 10% is above that`
          : `requests differ by up to ${formatRatio(suggestedMinEffect)}: --min-effect ${Math.round(suggestedMinEffect * 100)}% passes over that`,
        'strong',
      ),
    );
  const table = {
    columns: COLUMNS,
    rows: rows.slice(0, top),
    omitted: Math.max(0, rows.length - top),
  };
  return {
    sections: [
      {
        title: 'Noise',
        lines,
        tables: rows.length === 0 ? [] : [table],
        note: 'the largest difference between any two of the runs',
      },
    ],
  };
}
