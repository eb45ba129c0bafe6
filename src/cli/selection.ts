import type { TraceFilter } from '../model/trace-summary.ts';
import { newestStart } from '../store/find-traces.ts';
import type { Store } from '../store/open-store.ts';
import type { GlobalOptions } from './global-options.ts';
import { parseDuration } from './parse-duration.ts';
import { parseTime } from './parse-time.ts';

/** The words and options by which commands choose traces. */
export interface SelectionOptions extends GlobalOptions {
  readonly words?: readonly string[];
  readonly service?: string;
  readonly errors?: boolean;
  readonly minDuration?: string;
  readonly maxDuration?: string;
  readonly since?: string;
  readonly until?: string;
}

/** The filter that the options spell out. Relative times count back from the newest trace of `store`. */
export function traceFilter(store: Store, options: SelectionOptions): TraceFilter {
  const { words = [], service, errors, minDuration, maxDuration, since, until } = options;
  const newest = newestStart(store);
  return {
    ...(words.length > 0 && { words }),
    ...(service !== undefined && { service }),
    ...(errors && { withErrors: true }),
    ...(minDuration !== undefined && {
      minDurationNs: parseDuration(minDuration, '--min-duration'),
    }),
    ...(maxDuration !== undefined && {
      maxDurationNs: parseDuration(maxDuration, '--max-duration'),
    }),
    ...(since !== undefined && { since: parseTime(since, '--since', newest) }),
    ...(until !== undefined && { until: parseTime(until, '--until', newest) }),
  };
}
