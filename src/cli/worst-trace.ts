import { Chalk } from 'chalk';
import { buildTrace } from '../analysis/build-trace.ts';
import { criticalPath } from '../analysis/critical-path.ts';
import { selfTimes } from '../analysis/self-time.ts';
import { traceErrors } from '../analysis/trace-errors.ts';
import { traceText } from '../report/trace-report.ts';
import type { VerdictFacts } from '../report/verdict-facts.ts';
import type { Store } from '../store/open-store.ts';
import { readTrace } from '../store/read-spans.ts';

/** Enough for a look: a comment has its limits. */
const WIDTH = 110;
const DEPTH = 12;
const MAX_LENGTH = 20_000;

/** The slowest trace of what regressed most, or one that a failed check shows; null where nothing is wrong or the store lacks it. */
export function worstTrace(
  store: Store,
  { comparison, checks }: Omit<VerdictFacts, 'worstTrace'>,
): VerdictFacts['worstTrace'] {
  const regressed = comparison?.operations.find(({ status }) => status === 'regressed');
  const failed = checks.find(({ status, evidence }) => status === 'fail' && evidence.length > 0);
  const shown = regressed?.exemplar ?? failed?.evidence[0];
  if (shown === undefined || shown === null) return null;
  const spans = readTrace(store, shown.traceId);
  if (spans.length === 0) return null;
  const trace = buildTrace(spans);
  const path = criticalPath(trace);
  const facts = { trace, path, errors: traceErrors(trace, { path }), selfNs: selfTimes(trace) };
  const drawing = traceText(facts, {
    width: WIDTH,
    paint: new Chalk({ level: 0 }),
    zone: 'utc',
    depth: DEPTH,
    criticalPathOnly: false,
  });
  return {
    title: `The slowest trace of it: ${shown.traceId}`,
    drawing: drawing.length > MAX_LENGTH ? `${drawing.slice(0, MAX_LENGTH)}\n…` : drawing,
  };
}
