import { aggregatedSaving } from '../analysis/aggregated-saving.ts';
import { buildTrace } from '../analysis/build-trace.ts';
import { criticalPath } from '../analysis/critical-path.ts';
import type { PotentialSaving } from '../analysis/critical-path-saving.ts';
import { type ErrorKey, pathByError } from '../analysis/error-group.ts';
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
  /** The groups of errors to work them out for. */
  readonly worst: readonly ErrorKey[];
  /** Null when nobody asked what separates traces. */
  readonly slow: SlowTraces | null;
  readonly separate: string | null;
  readonly inferErrors: boolean;
}

export interface SecondPass {
  /** What callers would gain if the largest groups took no time of their own. */
  readonly savings: readonly PotentialSaving[];
  /** The same if the worst errors took none. */
  readonly errorSavings: readonly PotentialSaving[];
  readonly separates: readonly SeparatingAttributes[] | null;
}

/** Goes over the traces again, as far as anything needs it. */
export function lookAgain(traces: Iterable<readonly Span[]>, first: FirstPass): SecondPass {
  const { slow } = first;
  const saving = savingOf(first.grouping, first.largest);
  const errorSaving = savingOf(pathByError(first.inferErrors), first.worst.map(errorKeyOf));
  const chosen = slow ? chosenTraces(first.separate, slow, first.inferErrors) : [];
  const separating = slow ? separatingAttributes(chosen) : null;
  if (saving || errorSaving || separating) {
    for (const spans of traces) {
      const trace = buildTrace(spans);
      if (saving || errorSaving) {
        const path = criticalPath(trace);
        saving?.add(path);
        errorSaving?.add(path);
      }
      separating?.add(
        trace,
        chosen.map((selection) => selection.isSelected(trace)),
      );
    }
  }
  return {
    savings: saving?.result() ?? [],
    errorSavings: errorSaving?.result() ?? [],
    separates: separating?.result() ?? null,
  };
}

function savingOf<K extends GroupKey>(grouping: PathGrouping<K>, keys: readonly K[]) {
  return keys.length > 0 ? aggregatedSaving(grouping, keys) : null;
}

/** The key alone of what may be a whole group. */
function errorKeyOf({ service, operation, signature }: ErrorKey): ErrorKey {
  return { service, operation, signature };
}
