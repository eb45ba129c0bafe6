import { basename } from 'node:path';
import type { TraceFilter } from '../model/trace-summary.ts';
import type { Store } from '../store/open-store.ts';
import { remembered } from '../store/remembered-results.ts';
import { type Analysis, type AnalyzeOptions, analyzeTraces } from './analyze-traces.ts';
import type { SectionCosts } from './section-costs.ts';
import { VERSION } from './version.ts';

/** The name of a bundle ends in a hash of the code in it and below it, so that another build asks anew. */
const PROGRAM = [VERSION, basename(import.meta.url), process.version];

/** The same as `analyzeTraces`; when the store has not changed since, that of the last time. */
export function rememberedAnalysis(
  store: Store,
  filter: TraceFilter,
  options: AnalyzeOptions,
  costs: SectionCosts,
): Analysis {
  const question = JSON.stringify([PROGRAM, filter, options], (key, value: unknown) => {
    // The same query finds the same traces as long as the store has not changed.
    if (key === 'traceKeys') return undefined;
    return typeof value === 'bigint' ? String(value) : value;
  });
  return remembered(store, question, () => analyzeTraces(store, filter, options, costs));
}
