import { nanos } from '../model/time.ts';
import type {
  Change,
  Comparison,
  Explanation,
  OperationChange,
  Status,
} from '../verdict/comparison.ts';
import type { CheckResult, CheckStatus } from '../verdict/run-checks.ts';
import type { FailOn } from '../verdict/verdict.ts';
import {
  formatAmount,
  formatEffect,
  formatFigure,
  formatP,
  operationText,
  structureText,
} from './format-change.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import { type Cell, type Column, cell, type Report, type Section, type Tone } from './report.ts';
import { shortTraceId } from './trace-id-text.ts';
import type { VerdictFacts } from './verdict-facts.ts';

/** The verdict for reading: what it is, what failed, what changed and why. `top` is for the rows of each table. */
export function verdictReport(facts: VerdictFacts, top: number): Report {
  const { checks, comparison } = facts;
  const sections = [
    headSection(facts),
    checks.length > 0 ? checksSection(checks) : null,
    ...(comparison === null ? [] : comparisonSections(comparison, top)),
  ];
  return { sections: sections.filter((section) => section !== null) };
}

const VERDICT_TONES: Readonly<Record<VerdictFacts['verdict']['status'], Tone>> = {
  pass: 'strong',
  fail: 'error',
  'insufficient-data': 'warning',
};

/** `FAIL: 1 of 2 checks failed, 3 regressions`. Without a word on passing where nothing can fail, and where something else fails it says so. */
function verdictLine({ verdict, checks, comparison, failOn }: VerdictFacts): string {
  const failed = checks.filter(({ status }) => status === 'fail').length;
  const skipped = checks.filter(({ status }) => status === 'skipped').length;
  const regressed = comparison ? regressions(comparison) : 0;
  const found = verdict.reasons.filter((reason) => reason.startsWith('finding:')).length;
  const free = (count: number, gate: FailOn) =>
    count > 0 && failOn.length > 0 && !failOn.includes(gate) ? ' (not gated)' : '';
  const parts = [
    checks.length > 0
      ? `${failed} of ${formatCount(checks.length, 'check')} failed${free(failed, 'check')}`
      : '',
    skipped > 0 ? `${skipped} skipped` : '',
    comparison ? `${formatCount(regressed, 'regression')}${free(regressed, 'regression')}` : '',
    comparison?.status === 'insufficient-data' ? 'too little data to compare' : '',
    found === 0 ? '' : formatCount(found, 'finding'),
  ];
  const text = parts.filter((part) => part !== '').join(', ');
  if (failOn.length === 0) return text === '' ? 'nothing was judged' : text;
  return `${verdict.status.toUpperCase()}${text === '' ? '' : `: ${text}`}`;
}

/** How many operations and structures regressed. */
function regressions({ operations, structure }: Comparison): number {
  return [...operations, ...structure].filter(({ status }) => status === 'regressed').length;
}

function headSection(facts: VerdictFacts): Section {
  const { verdict, comparison, warnings } = facts;
  const lines = [cell(verdictLine(facts), VERDICT_TONES[verdict.status])];
  if (comparison !== null) {
    const side = ({ runs, traces }: Comparison['base']) =>
      `${formatCount(traces, 'trace')}${runs > 1 ? ` of ${runs} runs` : ''}`;
    lines.push(cell(`baseline ${side(comparison.base)}, now ${side(comparison.current)}`));
  }
  for (const warning of warnings) lines.push(cell(warning, 'warning'));
  const title = facts.failOn.length === 0 ? 'Comparison' : 'Verdict';
  return { title, lines, tables: [] };
}

const CHECK_COLUMNS: readonly Column[] = [
  { header: 'STATUS', align: 'left' },
  { header: 'CHECK', align: 'left', shrinks: true },
  { header: 'ACTUAL', align: 'right' },
  { header: 'LIMIT', align: 'right' },
  { header: 'N', align: 'right' },
  { header: 'WHY', align: 'left', shrinks: true },
  { header: 'EXAMPLE', align: 'left' },
];

const CHECK_TONES: Readonly<Record<CheckStatus, Tone>> = {
  pass: 'plain',
  fail: 'error',
  warn: 'warning',
  info: 'plain',
  skipped: 'dim',
  suppressed: 'dim',
  'insufficient-data': 'warning',
};

function checksSection(checks: readonly CheckResult[]): Section {
  const rows = checks.map((check): Cell[] => {
    const { id, status, actual, expected, unit, n, reason, owner, evidence } = check;
    const [example] = evidence;
    const why = [reason, owner === null ? null : `owner ${owner}`].filter((text) => text !== null);
    const isShown = status !== 'pass' && example !== undefined;
    return [
      cell(status, CHECK_TONES[status]),
      cell(id, 'strong'),
      cell(formatAmount(actual, unit)),
      cell(expected === null ? '' : formatAmount(expected, unit)),
      cell(n.toLocaleString('en')),
      cell(why.join('; ')),
      cell(isShown ? shortTraceId(example.traceId) : '', 'accent'),
    ];
  });
  return { title: 'Checks', lines: [], tables: [{ columns: CHECK_COLUMNS, rows, omitted: 0 }] };
}

const CHANGE_COLUMNS: readonly Column[] = [
  { header: 'CHANGE', align: 'right' },
  { header: 'INTERVAL', align: 'left', leaves: 2 },
  { header: 'WHAT', align: 'left' },
  { header: 'BASE', align: 'right' },
  { header: 'NOW', align: 'right' },
  { header: 'P', align: 'right' },
  { header: 'TRACES', align: 'right', leaves: 1 },
  { header: 'WHERE', align: 'left', shrinks: true },
  { header: 'EXAMPLE', align: 'left' },
];

const METRIC_NAMES: Readonly<Record<Change['metric'], string>> = {
  typical: 'typical',
  p95: 'p95',
  errors: 'failures',
};

function comparisonSections(comparison: Comparison, top: number): Section[] {
  const { operations, structure, explanations } = comparison;
  const sections: Section[] = [];
  const add = (status: Status, title: string, note?: string) => {
    const rows = operations
      .filter((operation) => operation.changes.some((change) => change.status === status))
      .flatMap((operation) => changeRows(operation, status));
    if (rows.length === 0) return;
    const table = {
      columns: CHANGE_COLUMNS,
      rows: rows.slice(0, top),
      omitted: Math.max(0, rows.length - top),
    };
    sections.push({ title, lines: [], tables: [table], ...(note !== undefined && { note }) });
  };
  add('regressed', 'Regressions', NOTE);
  if (structure.length > 0) sections.push(structureSection(comparison, top));
  sections.push(
    ...explanations.slice(0, MAX_EXPLANATIONS).map((item) => explanationSection(item, top)),
  );
  add('improved', 'Improvements');
  const data = dataSection(comparison);
  return data === null ? sections : [...sections, data];
}

const MAX_EXPLANATIONS = 3;
const NOTE =
  'P is corrected for the number of tests; INTERVAL holds the true change in 95 of 100 comparisons; typical is the shift of all durations, its figures are medians';

function changeRows(operation: OperationChange, status: Status): Cell[][] {
  const { baseTraces, currentTraces, isRequest, kind, isCause, exemplar } = operation;
  const tone = status === 'regressed' ? 'error' : 'strong';
  const role = isRequest ? 'request' : `${kind}${isCause === true ? ', own time' : ''}`;
  return operation.changes
    .filter((change) => change.status === status)
    .map((change) => [
      cell(formatEffect(change.effect), tone),
      cell(`${formatEffect(change.low)}…${formatEffect(change.high)}`),
      cell(METRIC_NAMES[change.metric]),
      cell(formatFigure(change, change.base)),
      cell(formatFigure(change, change.current)),
      cell(formatP(change.adjustedP)),
      cell(`${baseTraces.toLocaleString('en')}/${currentTraces.toLocaleString('en')}`),
      cell(`${operationText(operation)} (${role})`, 'strong'),
      cell(exemplar === null ? '' : shortTraceId(exemplar.traceId), 'accent'),
    ]);
}

function structureSection({ structure }: Comparison, top: number): Section {
  const columns: Column[] = [
    { header: 'KIND', align: 'left' },
    { header: 'REQUEST', align: 'left', shrinks: true },
    { header: 'WHAT', align: 'left', shrinks: true },
    { header: 'P', align: 'right' },
  ];
  const rows = structure.map((change): Cell[] => [
    cell(change.kind, change.status === 'regressed' ? 'error' : 'strong'),
    cell(operationText(change.request)),
    cell(structureText(change)),
    cell(formatP(change.adjustedP)),
  ]);
  const table = { columns, rows: rows.slice(0, top), omitted: Math.max(0, rows.length - top) };
  return { title: 'What traces are made of', lines: [], tables: [table] };
}

/** The rows add up to the first line's change; small ones are left out at the end. */
function explanationSection(explained: Explanation, top: number): Section {
  const { request, traces, baseMeanNs, currentMeanNs, changeNs, parts } = explained;
  const which = traces === 'typical' ? 'ordinary traces (up to p95)' : 'the slowest tenth';
  const columns: Column[] = [
    { header: 'CHANGE', align: 'right' },
    { header: 'OF IT', align: 'right' },
    { header: 'INTERVAL', align: 'left', leaves: 1 },
    { header: 'BASE', align: 'right' },
    { header: 'NOW', align: 'right' },
    { header: 'WHERE', align: 'left', shrinks: true },
  ];
  const rows = parts.map((part): Cell[] => [
    cell(signedDuration(part.changeNs), part.changeNs * changeNs > 0 ? 'strong' : 'plain'),
    cell(changeNs === 0 ? '' : signedRatio(part.changeNs / changeNs)),
    cell(`${signedDuration(part.lowNs)}…${signedDuration(part.highNs)}`),
    cell(duration(part.baseNs)),
    cell(duration(part.currentNs)),
    cell(operationText(part)),
  ]);
  return {
    title: `Why ${operationText(request)} changed`,
    lines: [
      cell(
        `mean of ${which}: ${duration(baseMeanNs)} → ${duration(currentMeanNs)}, ${signedDuration(changeNs)}; by time on the critical path:`,
      ),
    ],
    tables: [{ columns, rows: rows.slice(0, top), omitted: Math.max(0, rows.length - top) }],
  };
}

function duration(ns: number): string {
  return formatDuration(nanos(Math.round(ns)));
}

function signedDuration(ns: number): string {
  const text = duration(ns);
  return ns > 0 && text !== '0' ? `+${text}` : text;
}

function signedRatio(ratio: number): string {
  return ratio < 0 ? `-${formatRatio(-ratio)}` : formatRatio(ratio);
}

/** What the amounts of data can show, and requests that only one run has. */
function dataSection(comparison: Comparison): Section | null {
  const { operations, newRequests, goneRequests } = comparison;
  const lines: Cell[] = [];
  for (const operation of operations.filter(({ isRequest }) => isRequest)) {
    const { needsTraces, detectableEffect, baseTraces, currentTraces } = operation;
    const of = `${operationText(operation)}: ${baseTraces} and ${currentTraces} traces`;
    if (needsTraces !== null)
      lines.push(
        cell(`${of} are too few for any verdict; it takes ${needsTraces} a side`, 'warning'),
      );
    else if (detectableEffect !== null && lines.length < MAX_DATA_LINES)
      lines.push(cell(`${of} show changes from about ${formatEffect(detectableEffect)}`));
  }
  for (const request of newRequests) lines.push(cell(`only now: ${operationText(request)}`));
  for (const request of goneRequests)
    lines.push(cell(`only in the baseline: ${operationText(request)}`));
  return lines.length === 0 ? null : { title: 'What the data can show', lines, tables: [] };
}

const MAX_DATA_LINES = 10;
