import path from 'node:path';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import type { Span } from '../../src/model/span.ts';
import { durationBetween, unixNano } from '../../src/model/time.ts';
import type { Trace } from '../../src/model/trace.ts';
import { compareRuns } from '../../src/verdict/compare-runs.ts';
import type { Comparison } from '../../src/verdict/comparison.ts';
import { RunProfiler } from '../../src/verdict/profile-run.ts';
import { CORPUS } from '../helpers/corpus.ts';
import { madeRun } from '../helpers/made-run.ts';
import { readDump } from '../helpers/read-dump.ts';
import { randomSequence } from '../helpers/shop-spans.ts';

/** How often verdicts are right: false alarms between equal runs, and how surely a slower operation is found, named and measured. */
const OPTIONS = { alpha: 0.05, minEffect: 0.1, minAbsNs: null };
const REPETITIONS = Number(process.argv[2] ?? 200);
const DUMPS = [
  'derived/Sachin-A_TraceWeaver__merged-hotel_load100.json',
  'derived/IntelligentDDS_Nezha__onlineboutique-0353.otlp.jsonl',
];

function profileOf(traces: readonly Trace[]) {
  const profiler = new RunProfiler();
  for (const trace of traces) profiler.add(trace);
  return profiler.result();
}

function comparison(base: readonly Trace[], current: readonly Trace[]): Comparison {
  return compareRuns([profileOf(base)], [profileOf(current)], OPTIONS);
}

function isAlarm({ operations, structure }: Comparison): boolean {
  return [...operations, ...structure].some(({ status }) => status === 'regressed');
}

/** The traces in random order. */
function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as Item, order[i] as Item];
  }
  return order;
}

function falseAlarms(name: string, traces: readonly Trace[]): void {
  const random = randomSequence(7);
  const half = Math.floor(traces.length / 2);
  let alarms = 0;
  for (let i = 0; i < REPETITIONS; i++) {
    const order = shuffled(traces, random);
    alarms += Number(isAlarm(comparison(order.slice(0, half), order.slice(half))));
  }
  console.log(
    `| ${name} | ${half} | ${REPETITIONS} | ${((100 * alarms) / REPETITIONS).toFixed(1)} % |`,
  );
}

interface Slower {
  readonly name: string;
  readonly kind: 'server' | 'client';
}

interface Tally {
  found: number;
  named: number;
  covered: number;
  explained: number;
}

/** Looks for an operation that was made 10 % slower. */
function tally(
  counts: Tally,
  { operations, explanations }: Comparison,
  { name, kind }: Slower,
): void {
  const change = operations.find((operation) => operation.name === name && operation.kind === kind);
  const [typical] = change?.changes ?? [];
  counts.found += Number(change?.status === 'regressed');
  counts.named += Number(change?.status === 'regressed' && change.isCause === true);
  const [first] = explanations.filter(({ parts }) => parts.some((part) => part.name === name));
  counts.explained += Number(first?.parts[0]?.name === name);
  const { low = null, high = null } = typical ?? {};
  counts.covered += Number(low !== null && high !== null && low <= 0.1 && high >= 0.1);
}

function printTally(name: string, traces: number, counts: Tally): void {
  const share = (count: number) => `${((100 * count) / REPETITIONS).toFixed(1)} %`;
  console.log(
    `| ${name} | ${traces} | ${share(counts.found)} | ${share(counts.named)} | ${share(counts.explained)} | ${share(counts.covered)} |`,
  );
}

function power(what: Slower, spread: number, traces = 200): void {
  const { name } = what;
  const counts = { found: 0, named: 0, covered: 0, explained: 0 };
  for (let i = 0; i < REPETITIONS; i++) {
    const base = madeRun(traces, 2 * i + 1, { spread });
    tally(
      counts,
      comparison(base, madeRun(traces, 2 * i + 2, { spread, slower: { [name]: 1.1 } })),
      what,
    );
  }
  printTally(`made, ${name}, variation ${spread * 100} %`, traces, counts);
}

/** The same of a real dump: in one half every span of an operation takes a tenth longer, and what comes after is later. */
function powerOfDump(what: Slower, traces: readonly (readonly Span[])[], size: number): void {
  const random = randomSequence(11);
  const counts = { found: 0, named: 0, covered: 0, explained: 0 };
  for (let i = 0; i < REPETITIONS; i++) {
    const order = shuffled(traces, random);
    const base = order.slice(0, size).map(buildTrace);
    const current = order
      .slice(size, 2 * size)
      .map((spans) => buildTrace(stretched(spans, what, 0.1)));
    tally(counts, comparison(base, current), what);
  }
  printTally(`hotel, ${what.name}`, size, counts);
}

function stretched(spans: readonly Span[], { name, kind }: Slower, share: number): Span[] {
  const longer = spans
    .filter((span) => span.name === name && span.kind === kind)
    .map((span) => ({ end: span.endUnixNano, by: BigInt(Math.round(span.durationNs * share)) }));
  const moved = (time: bigint) =>
    unixNano(longer.reduce((sum, { end, by }) => (time >= end ? sum + by : sum), time));
  return spans.map((span) => {
    const startUnixNano = moved(span.startUnixNano);
    const endUnixNano = moved(span.endUnixNano);
    return {
      ...span,
      startUnixNano,
      endUnixNano,
      durationNs: durationBetween(startUnixNano, endUnixNano),
    };
  });
}

function grouped(spans: readonly Span[]): Span[][] {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const group = groups.get(span.traceId);
    if (group === undefined) groups.set(span.traceId, [span]);
    else group.push(span);
  }
  return [...groups.values()];
}

console.log(
  'A/A: random halves of one run\n\n| traces of | a side | runs | with any regression |\n|---|--:|--:|--:|',
);
falseAlarms('made shop, variation 15 %', madeRun(400, 99));
falseAlarms(
  'made shop, variation 50 %, failures',
  madeRun(400, 98, { spread: 0.5, failing: 0.05 }),
);
const dumps: Span[][][] = [];
for (const dump of CORPUS === null ? [] : DUMPS) {
  const traces = grouped(await readDump(path.join(CORPUS ?? '', 'traces', dump)));
  dumps.push(traces);
  falseAlarms(path.basename(dump).replace(/\..*/, ''), traces.map(buildTrace));
}

console.log(
  '\nA/B: one operation 10 % slower\n\n| operation | traces a side | found | as the cause | first in the why | interval holds 10 % |\n|---|--:|--:|--:|--:|--:|',
);
const CHARGE: Slower = { name: 'POST /charge', kind: 'server' };
power(CHARGE, 0.15);
power({ name: 'SELECT items', kind: 'client' }, 0.15);
power(CHARGE, 0.2);
power(CHARGE, 0.3);
power(CHARGE, 0.3, 800);
const [hotel] = dumps;
if (hotel !== undefined) {
  const rates: Slower = { name: '/rate.Rate/GetRates', kind: 'server' };
  powerOfDump(rates, hotel, 200);
  powerOfDump(rates, hotel, 500);
}
