import type { TraceFilter } from '../model/trace-summary.ts';
import { UserError } from '../model/user-error.ts';
import type { Explanation, PlanStep } from '../report/explain-report.ts';
import { countTraces, newestStart, traceKeysOf } from '../store/find-traces.ts';
import type { Store } from '../store/open-store.ts';
import { traceKeysByRawId } from '../store/resolve-trace-id.ts';
import type { Stage } from '../traceql/query.ts';
import { findByQuery } from './find-by-query.ts';
import { type GlobalOptions, zoneOf } from './global-options.ts';
import { parseDuration } from './parse-duration.ts';
import { parseTime } from './parse-time.ts';
import { readQuery } from './typed-query.ts';

/** The words and options by which commands choose traces. */
export interface SelectionOptions extends GlobalOptions {
  /** The query: TraceQL or the short form. */
  readonly words?: readonly string[];
  /** Terms of the short form that must not hold. */
  readonly not?: readonly string[];
  /** Print the plan in place of the result. */
  readonly explain?: boolean;
  readonly service?: string;
  readonly errors?: boolean;
  readonly minDuration?: string;
  readonly maxDuration?: string;
  readonly since?: string;
  readonly until?: string;
}

/** What was selected, and how its traces were found. */
export interface Selected {
  readonly filter: TraceFilter;
  readonly explanation: Explanation;
  /** The query; null without one. */
  readonly stages: readonly Stage[] | null;
}

/**
 * The traces that the query and the options choose, and the plan by which they were found. Relative times count back from the newest
 * trace of `store`. The query has been asked by then: the filter holds the traces that it found.
 */
export function findSelected(store: Store, options: SelectionOptions): Selected {
  const { typed, text, stages } = spansQuery(queryWords(options));
  const filter = optionFilter(store, options);
  if (typed === '') {
    const traces = countTraces(store, filter);
    const steps: PlanStep[] = [{ step: 'list', what: 'the options alone', traces }];
    return { filter, explanation: { typed, query: text, steps }, stages: null };
  }
  const asked = findByQuery(store, stages, filter);
  const { query, traceKeys, steps } =
    asked.traceKeys.length > 0 ? asked : orNamed(store, asked, typed, filter);
  return {
    filter: { ...filter, found: { query, traceKeys } },
    explanation: { typed, query: text, steps },
    stages,
  };
}

/** What was found, or, for a single word that finds nothing, the traces whose id begins with it as their dump spells it. */
function orNamed(
  store: Store,
  asked: ReturnType<typeof findByQuery>,
  typed: string,
  filter: TraceFilter,
): ReturnType<typeof findByQuery> {
  if (!/^[^\s{}()"=<>]+$/.test(typed)) return asked;
  const named = traceKeysByRawId(store, typed);
  if (named.length === 0) return asked;
  const found = { query: asked.query, traceKeys: named };
  const traceKeys = traceKeysOf(store, { ...filter, found });
  const what = `an id that begins with ${typed} in its dump`;
  return {
    ...asked,
    traceKeys,
    steps: [...asked.steps, { step: 'list', what, traces: traceKeys.length }],
  };
}

/** The words of the query, with those that are to be left out. */
export function queryWords({ words = [], not = [] }: SelectionOptions): string[] {
  return [...words, ...not.map((term) => `-${term}`)];
}

function spansQuery(words: readonly string[]) {
  const { typed, text, query } = readQuery(words);
  if (query.kind === 'spans') return { typed, text, stages: query.stages };
  throw new UserError('usage', 'this query gives series, not traces', {
    where: [text],
    fix: 'print them with tracecli query, or leave out what stands behind the last { … }',
  });
}

/** The filter that the options alone spell out. */
export function optionFilter(store: Store, options: SelectionOptions): TraceFilter {
  const { service, errors, minDuration, maxDuration, since, until } = options;
  const context = { newest: newestStart(store), zone: zoneOf(options) };
  return {
    ...(service !== undefined && { service }),
    ...(errors && { withErrors: true }),
    ...(minDuration !== undefined && {
      minDurationNs: parseDuration(minDuration, '--min-duration'),
    }),
    ...(maxDuration !== undefined && {
      maxDurationNs: parseDuration(maxDuration, '--max-duration'),
    }),
    ...(since !== undefined && { since: parseTime(since, '--since', context) }),
    ...(until !== undefined && { until: parseTime(until, '--until', context) }),
  };
}
