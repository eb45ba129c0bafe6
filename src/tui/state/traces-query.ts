import type { TraceFilter } from '../../model/trace-summary.ts';
import type { TraceQuery } from '../trace-source.ts';
import type { TracesScreen } from './app-state.ts';

/** What a screen of traces asks of the source. */
export function queryOf({
  sort,
  descending,
  words,
  service,
  errorsOnly,
  scope,
}: TracesScreen): TraceQuery {
  const wanted = words.split(/\s+/).filter((word) => word !== '');
  const filter: TraceFilter = {
    ...scope,
    ...(wanted.length > 0 ? { words: [...(scope.words ?? []), ...wanted] } : {}),
    ...(service === null ? {} : { service }),
    ...(errorsOnly ? { withErrors: true } : {}),
  };
  return { sort, descending, filter };
}

/** Which traces a screen lists. */
export function filterOf(screen: TracesScreen): TraceFilter {
  return queryOf(screen).filter;
}
