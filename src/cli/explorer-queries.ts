import type { TraceFilter } from '../model/trace-summary.ts';
import { UserError } from '../model/user-error.ts';
import type { Store } from '../store/open-store.ts';
import { type Completion, completeQuery } from '../traceql/complete-query.ts';
import { QueryError } from '../traceql/query-error.ts';
import { isTraceQl } from '../traceql/short-form.ts';
import { compilePipeline } from '../traceql/spansets.ts';
import type { ExplorerQueries, QueryProblem } from '../tui/trace-source.ts';
import { findByQuery } from './find-by-query.ts';
import { storeVocabulary } from './store-vocabulary.ts';
import { readQuery } from './typed-query.ts';

/** What the explorer may ask about queries over a store. */
export function explorerQueries(store: Store): ExplorerQueries {
  const vocabulary = storeVocabulary(store);
  return {
    compileFilter: (text) => {
      try {
        const { text: traceql, query } = readQuery([text]);
        if (query.kind === 'metrics') {
          return { problem: { what: 'this query gives series, not traces', at: null, fix: null } };
        }
        const run = compilePipeline(query.stages);
        return {
          traceql,
          find: (filter: TraceFilter) => {
            const { query: canonical, traceKeys } = findByQuery(store, query.stages, filter);
            return { ...filter, found: { query: canonical, traceKeys } };
          },
          matches: (trace) => {
            const match = run(trace);
            return new Set(match?.spansets.flatMap(({ nodes }) => nodes) ?? []);
          },
        };
      } catch (error) {
        if (error instanceof UserError) return { problem: problemOf(error, text) };
        throw error;
      }
    },
    complete: (text, cursor): Completion => completeQuery(text, cursor, vocabulary),
  };
}

function problemOf(error: UserError, text: string): QueryProblem {
  // Places in what words were translated to say nothing about the words.
  const at = error instanceof QueryError && isTraceQl(text) ? error.place : null;
  return { what: error.what, at, fix: error.fix };
}
