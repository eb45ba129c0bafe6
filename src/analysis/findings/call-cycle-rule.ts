import { UNKNOWN_SERVICE } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { MAX_SPANS, type TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';

/** A way down on which services are entered again. */
interface Cycle {
  /** The entry with which the limit is reached. */
  readonly node: TraceNode;
  /** Entries from the root down to it. */
  readonly entries: readonly TraceNode[];
  reEntries: number;
}

/** Where a way down enters another service than its parent's. */
interface Entry {
  readonly node: TraceNode;
  /** Entries so far into a service that the way has been in. */
  readonly reEntries: number;
  readonly cycle: Cycle | null;
}

/**
 * Services that call each other in circles: on one way from a root to a leaf services are entered again at least `minReEntries`
 * times, A → B → A → B for example. One re-entry is a call-back and often meant. What it costs cannot be told, but it is how two
 * services come to wait for each other, so that its severity is low.
 */
export const callCycleRule = traceRule({
  name: 'call-cycle',
  advice: {
    'call-cycle':
      'Break the circle: pass what the other side needs along with the call, or move the shared part below both.',
  },
  params: { minReEntries: 2 },
  inspect({ trace }, { minReEntries }) {
    return cycles(trace.nodes, minReEntries).map(cycleFinding);
  },
});

/** Nodes come depth first, so that the entries above the current one are a stack. */
function cycles(nodes: readonly TraceNode[], minReEntries: number): Cycle[] {
  const found: Cycle[] = [];
  const stack: Entry[] = [];
  const visits = new Map<string, number>();
  for (const node of nodes) {
    leaveUntil(stack, visits, node.depth);
    const { service, parent } = node;
    if (service === UNKNOWN_SERVICE || (parent !== null && parent.service === service)) continue;
    const before = visits.get(service) ?? 0;
    visits.set(service, before + 1);
    const above = stack.at(-1);
    const reEntries = (above?.reEntries ?? 0) + Number(before > 0);
    let cycle = above?.cycle ?? null;
    if (cycle) cycle.reEntries = Math.max(cycle.reEntries, reEntries);
    else if (reEntries >= minReEntries) {
      cycle = { node, entries: [...stack.map((entry) => entry.node), node], reEntries };
      found.push(cycle);
    }
    stack.push({ node, reEntries, cycle });
  }
  return found;
}

function leaveUntil(stack: Entry[], visits: Map<string, number>, depth: number): void {
  for (let last = stack.at(-1); last && last.node.depth >= depth; last = stack.at(-1)) {
    const { service } = last.node;
    visits.set(service, (visits.get(service) ?? 1) - 1);
    stack.pop();
  }
}

function cycleFinding({ node, entries, reEntries }: Cycle): TraceFinding {
  const services = entries.map(({ service }) => service);
  const circle = services.slice(services.indexOf(node.service)).slice(-MAX_SPANS);
  return {
    rule: 'call-cycle',
    severity: 'low',
    confidence: 0.8,
    title: circle.join(' → '),
    node,
    spans: entries.slice(-MAX_SPANS),
    count: reEntries,
    impactNs: nanos(0),
    evidence: { services: circle, reEntries, depth: node.depth },
    signatures: [circle.join(' → ')],
  };
}
