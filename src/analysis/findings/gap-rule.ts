import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import type { TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';
import type { TraceContext } from './trace-context.ts';

/** A stretch of a span's time in which none of its children runs. Offsets from the trace's start. */
interface Gap {
  readonly startNs: number;
  readonly endNs: number;
  /** The child that ended last before it and the one that starts after it. */
  readonly before: TraceNode | null;
  readonly after: TraceNode | null;
}

const ADVICE =
  'Instrument what the span does in this time (or profile it): nothing in the trace explains it.';

/** Long stretches inside a span that has children, with no child running: work, locks or waiting that nothing shows. */
export const gapRule = traceRule({
  name: 'gap',
  advice: { gap: ADVICE },
  params: { minGapMs: 100, minTraceShare: 0.2 },
  inspect(context, { minGapMs, minTraceShare }) {
    const { trace } = context;
    const leastNs = Math.max(minGapMs * 1e6, trace.durationNs * minTraceShare);
    return trace.nodes
      .filter((node) => isParent(node) && node.endNs - node.startNs >= leastNs)
      .flatMap((node) =>
        gapsOf(node)
          .filter(({ startNs, endNs }) => endNs - startNs >= leastNs)
          .map((gap) => gapFinding(context, node, gap)),
      );
  },
});

/** A client's time without children is the network's and the server's. */
function isParent({ span, children }: TraceNode): boolean {
  return span.kind !== 'client' && children.length > 0;
}

/** Linear, because children come in order of their starts. */
function gapsOf(node: TraceNode): Gap[] {
  const gaps: Gap[] = [];
  let coveredUntil: number = node.startNs;
  let before: TraceNode | null = null;
  for (const child of node.children) {
    if (child.startNs >= node.endNs) break;
    if (child.startNs > coveredUntil) {
      gaps.push({ startNs: coveredUntil, endNs: child.startNs, before, after: child });
    }
    if (child.endNs > coveredUntil) {
      coveredUntil = child.endNs;
      before = child;
    }
  }
  if (node.endNs > coveredUntil) {
    gaps.push({ startNs: coveredUntil, endNs: node.endNs, before, after: null });
  }
  return gaps;
}

function gapFinding(context: TraceContext, node: TraceNode, gap: Gap): TraceFinding {
  const { trace } = context;
  const lengthNs = gap.endNs - gap.startNs;
  const where = placeOf(gap);
  return {
    rule: 'gap',
    severity: 'by-impact',
    confidence: 0.6,
    title: `no child runs for ${Math.round(lengthNs / 1e6)} ms ${where}`,
    node,
    spans: [node],
    count: 1,
    impactNs: nanos(lengthNs),
    evidence: {
      where,
      startNs: gap.startNs - node.startNs,
      lengthNs,
      traceShare: lengthNs / trace.durationNs,
      before: gap.before?.span.name ?? null,
      after: gap.after?.span.name ?? null,
      selfShare: (context.selfTimes[node.index] ?? 0) / (node.endNs - node.startNs),
      traceUninstrumentedShare: uninstrumentedShare(context),
      hint: hintOf(node, gap),
    },
    signatures: [where],
  };
}

function placeOf({ before, after }: Gap): string {
  if (before === null) return 'before the first child';
  return after === null ? 'after the last child' : 'between children';
}

const POOL = /pool|(?:get|acquire|borrow)[\s._-]?connection/i;

function hintOf({ span }: TraceNode, { before, after }: Gap): string | null {
  const isCold = span.attributes.get('faas.coldstart') === true;
  if (isCold && before === null) return 'cold start';
  const isPoolWait = [before, after].some((node) => node !== null && POOL.test(node.span.name));
  return isPoolWait ? 'waits for a connection of a pool' : null;
}

/** The part of a trace's duration that its critical path spends in spans with children while none of them runs, 0–1. */
function uninstrumentedShare({ trace, path }: TraceContext): number {
  if (trace.durationNs === 0) return 0;
  let sumNs = 0;
  for (const { node, startNs, endNs } of path.sections) {
    if (node !== null && node.children.length > 0) sumNs += endNs - startNs;
  }
  return sumNs / trace.durationNs;
}
