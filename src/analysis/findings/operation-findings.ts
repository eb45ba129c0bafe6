import type { TraceNode } from '../../model/trace.ts';
import type { TraceFinding } from './finding.ts';

/** What a rule says of several spans of one operation, without what follows from the spans themselves. */
export type OperationFacts = Omit<TraceFinding, 'node' | 'spans' | 'count'>;

/**
 * One finding for each operation (service and name) that `nodes` are of, in the order of its first span: a trace with 10,000
 * equal spans has one problem, not 10,000.
 */
export function operationFindings(
  nodes: readonly TraceNode[],
  describe: (spans: readonly TraceNode[], first: TraceNode) => OperationFacts,
): TraceFinding[] {
  if (nodes.length === 0) return [];
  const groups = new Map<string, TraceNode[]>();
  for (const node of nodes) {
    const key = `${node.service}\n${node.span.name}`;
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return Array.from(groups.values()).flatMap((spans) => {
    const [first] = spans;
    if (!first) return [];
    return [{ ...describe(spans, first), node: first, spans, count: spans.length }];
  });
}
