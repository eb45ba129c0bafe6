import { aggregatedSaving } from '../analysis/aggregated-saving.ts';
import { buildTraceIn } from '../analysis/build-trace.ts';
import { type CriticalPath, CriticalPaths } from '../analysis/critical-path.ts';
import type { PotentialSaving } from '../analysis/critical-path-saving.ts';
import { type ErrorKey, pathByError } from '../analysis/error-group.ts';
import type { PathGrouping } from '../analysis/path-grouping.ts';
import {
  type SeparatingAttributes,
  separatingAttributes,
} from '../analysis/separating-attributes.ts';
import { slowTraces } from '../analysis/slow-traces.ts';
import type { GroupKey } from '../analysis/span-grouping.ts';
import type { ChosenTraces } from '../analysis/trace-selections.ts';
import type { TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { SpanVocabulary } from '../model/span-vocabulary.ts';
import type { Trace } from '../model/trace.ts';

/** What is asked for; null and false for what is not. */
export interface TwoPassQuestions {
  /** What to work savings out for. */
  readonly grouping: PathGrouping<GroupKey> | null;
  readonly errors: boolean;
  readonly inferErrors: boolean;
  /** Traces to set against the rest. */
  readonly chosen: readonly ChosenTraces[] | null;
}

/** What the first pass found to matter. */
export interface FirstPass {
  /** The groups that own most time. */
  readonly largest: readonly GroupKey[];
  /** The errors that hurt most. */
  readonly worst: readonly ErrorKey[];
}

export interface TwoPassResults {
  /** What callers would gain if the largest groups took no time of their own. */
  readonly savings: readonly PotentialSaving[];
  /** The same if the worst errors took none. */
  readonly errorSavings: readonly PotentialSaving[];
  readonly separates: readonly SeparatingAttributes[] | null;
}

/**
 * Analyses that need to know all traces before they can judge each: they count in the first pass what they can, and look again at those
 * traces alone for which that was not enough.
 */
export class TwoPassAnalyses {
  readonly #saving: ReturnType<typeof aggregatedSaving<GroupKey>> | null;
  readonly #errorSaving: ReturnType<typeof aggregatedSaving<ErrorKey>> | null;
  readonly #chosen: readonly ChosenTraces[];
  readonly #separating: ReturnType<typeof separatingAttributes> | null;
  readonly #slow: ReturnType<typeof slowTraces> | null;

  constructor({ grouping, errors, inferErrors, chosen }: TwoPassQuestions) {
    this.#saving = grouping && aggregatedSaving(grouping);
    this.#errorSaving = errors ? aggregatedSaving(pathByError(inferErrors)) : null;
    this.#chosen = chosen ?? [];
    this.#separating = chosen && separatingAttributes(chosen);
    this.#slow = this.#chosen.some(isSlowest) ? slowTraces() : null;
  }

  /** Each trace once; `path` is its critical path where that is at hand. */
  add(trace: Trace, path: CriticalPath | null): void {
    if (path) {
      this.#saving?.add(path);
      this.#errorSaving?.add(path);
    }
    this.#slow?.add(trace);
    this.#separating?.add(
      trace,
      this.#chosen.map(({ isSelected }) => isSelected?.(trace) ?? false),
    );
  }

  /** Looks again at what was left open. `read` gives the spans of a trace, none if it is gone. */
  result(
    read: (traceId: TraceId) => readonly Span[],
    { largest, worst }: FirstPass,
  ): TwoPassResults {
    const open = {
      saving: new Set(this.#saving?.postponed),
      errorSaving: new Set(this.#errorSaving?.postponed),
      slow: new Set(this.#slow?.result().traces),
    };
    const finder = new CriticalPaths();
    const vocabulary = new SpanVocabulary();
    for (const id of new Set([...open.saving, ...open.errorSaving, ...open.slow])) {
      const spans = read(id);
      if (spans.length === 0) continue;
      const trace = buildTraceIn(vocabulary, spans);
      if (open.slow.has(id)) this.#selectSlow(trace);
      if (!open.saving.has(id) && !open.errorSaving.has(id)) continue;
      const path = finder.find(trace);
      if (open.saving.has(id)) this.#saving?.addPostponed(path, largest);
      if (open.errorSaving.has(id)) this.#errorSaving?.addPostponed(path, worst);
    }
    return {
      savings: this.#saving?.result(largest) ?? [],
      errorSavings: this.#errorSaving?.result(worst) ?? [],
      separates: this.#separating?.result() ?? null,
    };
  }

  #selectSlow(trace: Trace): void {
    for (const [index, selection] of this.#chosen.entries()) {
      if (isSlowest(selection)) this.#separating?.select(trace, index);
    }
  }
}

function isSlowest({ isSelected }: ChosenTraces): boolean {
  return isSelected === null;
}
