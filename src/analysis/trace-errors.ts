import type { TraceId } from '../model/ids.ts';
import { STATUS_CODES } from '../model/span.ts';
import type { SpanTree } from '../model/span-tree.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { type CriticalPath, criticalPath, type PathBasis } from './critical-path.ts';
import { saysCancelled } from './error-signature.ts';
import { isInferredError } from './inferred-error.ts';
import { jitterNs } from './jitter.ts';
import { EDGE } from './path-edges.ts';
import { at } from './path-tree.ts';
import { WAIT } from './waiting.ts';

export interface TraceErrorsOptions {
  /** Count spans without a status as errors by their HTTP and gRPC status, `error` attribute or escaped exception. Default false. */
  readonly inferErrors?: boolean;
  /** The trace's critical path if it is at hand; it knows the clocks and who waits for whom. */
  readonly path?: CriticalPath;
}

/** What an error is to the others: the cause, handed up from below, or handed down by a caller that gave up. */
export type ErrorClass = 'origin' | 'propagated' | 'cancelled';

/**
 * Where an error ended: it failed the trace's root; an ancestor absorbed it (a retry, a fallback); it happened in the background,
 * where nobody waits; or nobody is known to have seen it, because it came too late for its caller or heads a root of its own.
 */
export type ErrorFate = 'failed-trace' | 'suppressed' | 'background' | 'unseen';

/** An error span and its place among the errors of its trace. */
export interface TraceError {
  readonly node: TraceNode;
  readonly class: ErrorClass;
  readonly fate: ErrorFate;
  /** The span that absorbed it, for the fate `suppressed`; else null. */
  readonly suppressedAt: TraceNode | null;
  /** The error directly above it that it explains; null for the topmost one of a chain. */
  readonly explains: TraceNode | null;
}

/** Lists are in tree order, `chain` from the root down. */
export interface TraceErrors {
  readonly traceId: TraceId;
  readonly errors: readonly TraceError[];
  readonly origins: readonly TraceNode[];
  readonly propagated: readonly TraceNode[];
  readonly cancelled: readonly TraceNode[];
  /** The spans that did not fail although an error below reached them. */
  readonly suppressedAt: readonly TraceNode[];
  /** Whether the primary root is an error. */
  readonly traceFailed: boolean;
  /** The origin that failed the trace: at every step down the cause that ended last. Null when the trace did not fail. */
  readonly primary: TraceNode | null;
  /** From the root to `primary`; empty when the trace did not fail. */
  readonly chain: readonly TraceNode[];
}

/**
 * Which errors of a trace are causes and which are consequences. A child's error explains its parent's if the parent waited for
 * it and, across processes, was still open when it ended. Spans without a status of their own pass it on: INTERNAL ones of their
 * parent's service, and lost parents.
 *
 *     R  |0---------------600| error     R is explained by C; C by nothing: S failed only after C had given up, and says so.
 *     C    |10-------510| error          Origin C, propagated R, cancelled S
 *     S      |20-----------------900| error "context canceled"
 *
 * Cancelled spans explain nothing, even where they end so shortly after their parent that it would pass for jitter: the failure
 * came down to them. That errors travel from child to parent is inferred from nesting, not observed. Linear, no recursion.
 */
export function traceErrors(trace: Trace, options: TraceErrorsOptions = {}): TraceErrors {
  const { inferErrors = false } = options;
  if (!inferErrors && !hasErrors(trace.tree)) return { traceId: trace.traceId, ...NO_ERRORS };
  const { basis } = options.path ?? criticalPath(trace);
  const { nodes } = trace;
  const isError = nodes.map(
    ({ span }) => span.statusCode === 'error' || (inferErrors && isInferredError(span)),
  );
  const reached = reachedAbove(nodes, basis, isError);
  const classes = classify(nodes, basis, isError, reached);
  const errors = withFates(nodes, basis, classes, reached);
  const ofClass = (wanted: ErrorClass) =>
    errors.flatMap((error) => (error.class === wanted ? [error.node] : []));
  const absorbers = new Set(
    errors.flatMap(({ suppressedAt }) => (suppressedAt ? [suppressedAt.index] : [])),
  );
  const chain = chainFrom(nodes, basis, isError, errors);
  return {
    traceId: trace.traceId,
    errors,
    origins: ofClass('origin'),
    propagated: ofClass('propagated'),
    cancelled: ofClass('cancelled'),
    suppressedAt: nodes.filter(({ index }) => absorbers.has(index)),
    traceFailed: isError[basis.tree.primary] ?? false,
    primary: chain.at(-1) ?? null,
    chain,
  };
}

const NO_ERRORS: Omit<TraceErrors, 'traceId'> = {
  errors: [],
  origins: [],
  propagated: [],
  cancelled: [],
  suppressedAt: [],
  traceFailed: false,
  primary: null,
  chain: [],
};

const ERROR = STATUS_CODES.indexOf('error');

/** Whether any span says that it failed. */
function hasErrors({ size, status }: SpanTree): boolean {
  for (let span = 0; span < size; span++) if (status[span] === ERROR) return true;
  return false;
}

type Nodes = readonly TraceNode[];

/** By span number: the nearest opaque ancestor that an error of the span would reach, −1 for none. */
function reachedAbove(
  nodes: Nodes,
  { tree, edges, times, waiting }: PathBasis,
  isError: readonly boolean[],
): Int32Array {
  const reached = new Int32Array(tree.size).fill(-1);
  const isTransparent = (index: number) => {
    const node = nodes[index];
    const above = at(tree.parent, index);
    if (!node || above === -1) return !node;
    if (isError[index] || node.span.statusCode !== 'unset') return false;
    const { kind } = node.span;
    return (
      (kind === 'internal' || kind === 'unspecified') &&
      (nodes[above]?.service ?? node.service) === node.service
    );
  };
  for (const child of tree.order.subarray(0, tree.size)) {
    const above = at(tree.parent, child);
    if (above === -1 || at(waiting, child) & (WAIT.async | WAIT.detached)) continue;
    const end = at(times.end, child);
    const slackNs = jitterNs(end - at(times.start, child));
    if (at(edges, child) & EDGE.crossing && end > at(times.end, above) + slackNs) continue;
    reached[child] = isTransparent(above) ? at(reached, above) : above;
  }
  return reached;
}

/** By node index: the class of an error, null for everything else. */
function classify(
  nodes: Nodes,
  { tree, times }: PathBasis,
  isError: readonly boolean[],
  reached: Int32Array,
): (ErrorClass | null)[] {
  const classes = nodes.map((): ErrorClass | null => null);
  const hasCause = new Uint8Array(tree.size);
  for (const index of tree.order.slice(0, tree.size).reverse()) {
    const node = nodes[index];
    if (!node || !isError[index]) continue;
    const above = at(tree.parent, index);
    const isHandedDown =
      above !== -1 &&
      isError[above] === true &&
      at(times.end, index) > at(times.end, above) &&
      at(hasCause, index) === 0 &&
      saysCancelled(node.span);
    if (isHandedDown) {
      classes[index] = 'cancelled';
      continue;
    }
    classes[index] = at(hasCause, index) === 1 ? 'propagated' : 'origin';
    const target = at(reached, index);
    if (target !== -1) hasCause[target] = 1;
  }
  return classes;
}

function withFates(
  nodes: Nodes,
  { tree, waiting }: PathBasis,
  classes: readonly (ErrorClass | null)[],
  reached: Int32Array,
): TraceError[] {
  const found = new Map<number, TraceError>();
  for (const index of tree.order.subarray(0, tree.size)) {
    const node = nodes[index];
    const errorClass = classes[index] ?? null;
    if (!node || errorClass === null) continue;
    const target = errorClass === 'cancelled' ? -1 : at(reached, index);
    const above = found.get(target);
    const absorber = nodes[target];
    const own = { node, class: errorClass, explains: above?.node ?? null };
    if (above) found.set(index, { ...above, ...own });
    else if (absorber) found.set(index, { ...own, fate: 'suppressed', suppressedAt: absorber });
    else
      found.set(index, { ...own, fate: topFate(index, tree.primary, waiting), suppressedAt: null });
  }
  return nodes.flatMap(({ index }) => found.get(index) ?? []);
}

function topFate(index: number, primary: number, waiting: Uint8Array): ErrorFate {
  if (index === primary) return 'failed-trace';
  return at(waiting, index) === 0 ? 'unseen' : 'background';
}

function chainFrom(
  nodes: Nodes,
  { tree, times }: PathBasis,
  isError: readonly boolean[],
  errors: readonly TraceError[],
): TraceNode[] {
  const root = nodes[tree.primary];
  if (!root || !isError[root.index]) return [];
  const lastCause = new Map<TraceNode, TraceNode>();
  for (const { node, explains } of errors) {
    if (!explains) continue;
    const best = lastCause.get(explains);
    if (!best || isLaterCause(node, best, times)) lastCause.set(explains, node);
  }
  const chain: TraceNode[] = [];
  for (let node: TraceNode | undefined = root; node; node = lastCause.get(node)) chain.push(node);
  return chain;
}

/** Latest end, then earliest start, then smallest id. */
function isLaterCause(a: TraceNode, b: TraceNode, { start, end }: PathBasis['times']): boolean {
  const order = at(end, a.index) - at(end, b.index) || at(start, b.index) - at(start, a.index);
  return order === 0 ? a.span.spanId < b.span.spanId : order > 0;
}
