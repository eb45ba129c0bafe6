import { aggregatedSaving } from '../analysis/aggregated-saving.ts';
import { buildTrace } from '../analysis/build-trace.ts';
import { criticalPath } from '../analysis/critical-path.ts';
import type { PotentialSaving } from '../analysis/critical-path-saving.ts';
import type { PathGrouping } from '../analysis/path-grouping.ts';
import {
  type SeparatingAttributes,
  separatingAttributes,
} from '../analysis/separating-attributes.ts';
import type { SlowTraces } from '../analysis/slow-traces.ts';
import type { GroupKey } from '../analysis/span-grouping.ts';
import type { Span } from '../model/span.ts';
import { chosenTraces } from './chosen-traces.ts';

/** What the first pass over the traces found and was asked for. */
export interface FirstPass {
  readonly grouping: PathGrouping<GroupKey>;
  /** The groups to work out savings for. */
  readonly largest: readonly GroupKey[];
  /** Null when nobody asked what separates traces. */
  readonly slow: SlowTraces | null;
  readonly separate: string | null;
  readonly inferErrors: boolean;
}

export interface SecondPass {
  /** What callers would gain if the largest groups took no time of their own. */
  readonly savings: readonly PotentialSaving[];
  readonly separates: readonly SeparatingAttributes[] | null;
}

/** Goes over the traces again, as far as anything needs it. */
export function lookAgain(traces: Iterable<readonly Span[]>, first: FirstPass): SecondPass {
  const { grouping, largest, slow } = first;
  const saving = largest.length > 0 ? aggregatedSaving(grouping, largest) : null;
  const chosen = slow ? chosenTraces(first.separate, slow, first.inferErrors) : [];
  const separating = slow ? separatingAttributes(chosen) : null;
  if (!saving && !separating) return { savings: [], separates: null };
  for (const spans of traces) {
    const trace = buildTrace(spans);
    saving?.add(criticalPath(trace));
    separating?.add(
      trace,
      chosen.map((selection) => selection.isSelected(trace)),
    );
  }
  return { savings: saving?.result() ?? [], separates: separating?.result() ?? null };
}
