import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Trace } from '../../src/model/trace.ts';
import { CORPUS, corpusTest } from '../helpers/corpus.ts';
import { readDump } from '../helpers/read-dump.ts';
import { findIn, readCases } from '../helpers/traceql-cases.ts';
import { tracesOf } from '../helpers/traces-of.ts';

/** How much a query found. */
interface Counts {
  readonly traces: number;
  readonly spansets: number;
  readonly spans: number;
}

interface RealCases {
  readonly files: Readonly<Record<string, Readonly<Record<string, Counts>>>>;
}

/** These say whether both sides read the same spans, and the same errors, before a query is asked. */
const SAME_SPANS = ['{ }', '{ status = error }'];

/** Tempo sees one event of a span only; in these dumps the one that is asked for stands behind others. */
const LATER_EVENTS = ['tempo/perses_plugins__api-v2-trace.json'];

function countsIn(traces: readonly Trace[], query: string): Counts {
  const matches = findIn(traces, query);
  const spansets = matches.flatMap((match) => match.spansets);
  const spans = spansets.reduce((sum, { nodes }) => sum + nodes.length, 0);
  return { traces: matches.length, spansets: spansets.length, spans };
}

const countsOf = ({ traces, spansets, spans }: Counts): Counts => ({ traces, spansets, spans });

/** Dumps that both sides read alike: no repaired trees and merged spans, which Tempo leaves as they are, and the same errors. */
async function comparableDumps() {
  const folder = path.join(CORPUS ?? '', 'traces');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const where = new Map(names.map((name) => [path.basename(name), path.join(folder, name)]));
  const dumps: { name: string; traces: Trace[]; expected: Readonly<Record<string, Counts>> }[] = [];
  const { files } = readCases<RealCases>('traceql_real.json');
  for (const [name, expected] of Object.entries(files)) {
    const traces = tracesOf(await readDump(where.get(path.basename(name)) ?? ''));
    const isOdd = traces.some(({ warnings }) => warnings.length > 0);
    const isAlike = SAME_SPANS.every(
      (query) =>
        JSON.stringify(countsIn(traces, query)) ===
        JSON.stringify(countsOf(expected[query] ?? { traces: 0, spansets: 0, spans: 0 })),
    );
    if (!isOdd && isAlike) dumps.push({ name, traces, expected });
  }
  return dumps;
}

corpusTest('real dumps give as many spans as Tempo finds', { timeout: 120_000 }, async () => {
  const dumps = await comparableDumps();
  let compared = 0;
  for (const { name, traces, expected } of dumps) {
    for (const [query, counts] of Object.entries(expected)) {
      if (LATER_EVENTS.includes(name) && query.includes('event:')) continue;
      expect(countsIn(traces, query), `${query} in ${name}`).toEqual(countsOf(counts));
      compared++;
    }
  }
  expect(dumps.length).toBeGreaterThan(60);
  expect(compared).toBeGreaterThan(1200);
});
