import { formatCount } from './format-count.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { type Cell, cell, type Report } from './report.ts';

/** What was looked at in a store, and what was wrong. */
export interface StoreCheckFacts {
  readonly path: string;
  readonly traces: number;
  readonly spans: number;
  readonly checks: readonly {
    readonly name: string;
    readonly problems: readonly string[];
    readonly notes: readonly string[];
  }[];
}

/** `tracecli store check --json`. */
export function storeCheckDocument(facts: StoreCheckFacts, version: string): JsonDocument {
  const { path, traces, spans, checks } = facts;
  return {
    ...documentHead('store-check', version),
    path,
    isSound: checks.every(({ problems }) => problems.length === 0),
    traces,
    spans,
    checks: checks.map(({ name, problems, notes }) => ({
      name,
      problems: [...problems],
      notes: [...notes],
    })),
  };
}

/** The same for reading. */
export function storeCheckReport({ path, traces, spans, checks }: StoreCheckFacts): Report {
  const isSound = checks.every(({ problems }) => problems.length === 0);
  const verdict = isSound
    ? cell(`the store is sound: ${path}`)
    : cell(`the store is damaged: ${path}`, 'error');
  const size = cell(`${formatCount(traces, 'trace')}, ${formatCount(spans, 'span')}`, 'dim');
  return {
    sections: [{ title: '', lines: [verdict, size, ...checks.flatMap(checkLines)], tables: [] }],
  };
}

function checkLines({ name, problems, notes }: StoreCheckFacts['checks'][number]): Cell[] {
  const head = `  ${name.padEnd(11)} `;
  return [
    ...(problems.length === 0 ? [cell(`${head}sound`)] : []),
    ...problems.map((problem) => cell(`${head}${problem}`, 'error')),
    ...notes.map((note) => cell(`${head}${note}`, 'warning')),
  ];
}
