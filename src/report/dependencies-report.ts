import type { CallDurations } from '../analysis/call-durations.ts';
import { dependencyShape } from '../analysis/dependency-cycles.ts';
import type { DependencyEdge } from '../analysis/dependency-edge.ts';
import type { DependencyNode } from '../analysis/dependency-node.ts';
import type { ServiceDependencies } from '../analysis/service-dependencies.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import { nodeText } from './node-text.ts';
import type { JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Section } from './report.ts';

/** `dependencies` of the analysis document. */
export function dependenciesDocument(dependencies: ServiceDependencies): JsonDocument {
  const { nodes, edges, stats } = dependencies;
  const { cycles, depth } = dependencyShape(dependencies);
  return {
    depth,
    cycles: cycles.map((ids) => [...ids]),
    nodes: nodes.map(nodeDocument),
    edges: edges.map(edgeDocument),
    stats: { ...stats },
  };
}

function nodeDocument(node: DependencyNode): JsonDocument {
  return {
    id: node.id,
    type: node.type,
    name: node.name,
    calls: node.calls,
    errors: node.errors,
    durations: { ...node.durations },
  };
}

function edgeDocument(edge: DependencyEdge): JsonDocument {
  return {
    source: edge.source,
    target: edge.target,
    type: edge.type,
    calls: edge.calls,
    errors: edge.errors,
    clientErrors: edge.clientErrors,
    serverErrors: edge.serverErrors,
    client: { ...edge.client },
    server: { ...edge.server },
    network: { ...edge.network },
    inferred: { ...edge.inferred },
    traces: edge.traces,
    firstSeen: edge.firstSeen,
    lastSeen: edge.lastSeen,
    examples: { ...edge.examples },
  };
}

const COLUMNS: readonly Column[] = [
  { header: 'CALLS', align: 'right' },
  { header: 'ERRORS', align: 'right' },
  { header: 'P50', align: 'right', leaves: 1 },
  { header: 'P95', align: 'right' },
  { header: 'P99', align: 'right', leaves: 2 },
  { header: 'NETWORK P50', align: 'right', leaves: 3 },
  { header: 'CALLER → CALLEE', align: 'left', shrinks: true },
];

/** Who calls whom, busiest first. */
export function dependenciesSection({ edges, stats }: ServiceDependencies, top: number): Section {
  const busiest = edges.toSorted((a, b) => b.calls - a.calls);
  const shown = busiest.slice(0, top);
  const notes = [
    stats.missingParents > 0 && `${stats.missingParents} spans whose caller is not in the data`,
    stats.unresolvedClients > 0 && `${stats.unresolvedClients} calls that name no callee`,
    stats.unknownService > 0 && `${stats.unknownService} calls of services without a name`,
  ].filter((note) => note !== false);
  return {
    title: 'Dependencies, busiest first',
    lines: [],
    tables: [{ columns: COLUMNS, rows: shown.map(edgeRow), omitted: edges.length - shown.length }],
    ...(notes.length > 0 && { note: `not shown: ${notes.join(', ')}` }),
  };
}

function edgeRow(edge: DependencyEdge): Cell[] {
  const { calls, errors, client, server, network } = edge;
  // The caller's view includes the network; without a client span the callee's has to do.
  const durations = client.count > 0 ? client : server;
  const failed =
    errors > 0 ? cell(`${errors} (${formatRatio(errors / calls)})`, 'error') : cell('');
  return [
    cell(calls.toLocaleString('en')),
    failed,
    ...(['p50Ns', 'p95Ns', 'p99Ns'] as const).map((name) => durationCell(durations, name)),
    durationCell(network, 'p50Ns'),
    cell(`${nodeText(edge.source)} → ${nodeText(edge.target)}`),
  ];
}

function durationCell(durations: CallDurations, name: 'p50Ns' | 'p95Ns' | 'p99Ns'): Cell {
  const duration = durations[name];
  return duration === null ? cell('–', 'dim') : cell(formatDuration(duration));
}
