import type { CallDurations } from '../analysis/call-durations.ts';
import { dependencyShape } from '../analysis/dependency-cycles.ts';
import type { DependencyEdge } from '../analysis/dependency-edge.ts';
import type { DependencyNode } from '../analysis/dependency-node.ts';
import { type DependencyRow, dependencyTree } from '../analysis/dependency-tree.ts';
import type { ServiceDependencies } from '../analysis/service-dependencies.ts';
import { formatCount } from './format-count.ts';
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
export function dependenciesSection(dependencies: ServiceDependencies, top: number): Section {
  const { edges, stats } = dependencies;
  const busiest = edges.toSorted((a, b) => b.calls - a.calls);
  const shown = busiest.slice(0, top);
  const notes = [
    stats.missingParents > 0 &&
      `${formatCount(stats.missingParents, 'span')} whose caller is not in the data`,
    stats.unresolvedClients > 0 &&
      `${formatCount(stats.unresolvedClients, 'call')} without the name of a callee`,
    stats.unknownService > 0 &&
      `${formatCount(stats.unknownService, 'call')} of services without a name`,
  ].filter((note) => note !== false);
  return {
    title: 'Dependencies, busiest first',
    lines: [cell(shapeSentence(dependencies))],
    tables: [{ columns: COLUMNS, rows: shown.map(edgeRow), omitted: edges.length - shown.length }],
    ...(notes.length > 0 && { note: `not shown: ${notes.join(', ')}` }),
  };
}

/** How deep calls go, and who calls whom in a circle. */
function shapeSentence(dependencies: ServiceDependencies): string {
  const { cycles, depth } = dependencyShape(dependencies);
  const parts = [formatCount(dependencies.nodes.length, 'node'), `calls ${depth} deep`];
  if (cycles.length === 0) return [...parts, 'no cycles'].join(', ');
  const named = cycles.map((ids) => ids.map(nodeText).join(' ↔ ')).join('; ');
  return `${parts.join(', ')}, ${formatCount(cycles.length, 'cycle')}: ${named}`;
}

const MAX_TREE_ROWS = 200;

const TREE_COLUMNS: readonly Column[] = [
  { header: 'CALLS', align: 'right' },
  { header: 'ERRORS', align: 'right', leaves: 2 },
  { header: 'P95', align: 'right', leaves: 1 },
  { header: 'CALLER, BELOW IT WHOM IT CALLS', align: 'left', shrinks: true },
];

/** The calls from the outside in; a node's own calls are written once, at its first row. */
export function dependencyTreeSection(dependencies: ServiceDependencies): Section | null {
  if (dependencies.edges.length === 0) return null;
  const rows = dependencyTree(dependencies);
  const guides = treeGuides(rows);
  const shown = rows.slice(0, MAX_TREE_ROWS);
  return {
    title: 'Dependencies, from the callers down',
    lines: [],
    tables: [
      {
        columns: TREE_COLUMNS,
        rows: shown.map((row, i) => treeRow(row, guides[i] ?? '')),
        omitted: rows.length - shown.length,
      },
    ],
    note: '↻ calls one of its own callers: a cycle; ↑ its calls are written above',
  };
}

function treeRow({ node, edge, state }: DependencyRow, guide: string): Cell[] {
  const mark = { expanded: '', seen: ' ↑', cycle: ' ↻' }[state];
  const label = cell(
    `${guide}${nodeText(node.id)}${mark}`,
    state === 'cycle' ? 'warning' : 'plain',
  );
  if (edge === null) return [cell(''), cell(''), cell(''), label];
  const { client, server } = edge;
  return [
    cell(edge.calls.toLocaleString('en')),
    failedCell(edge),
    durationCell(client.count > 0 ? client : server, 'p95Ns'),
    label,
  ];
}

/** The lines in front of each row: `│  ├─ `. */
function treeGuides(rows: readonly DependencyRow[]): string[] {
  const rules: string[] = [];
  return rows.map(({ depth, isLast }) => {
    if (depth === 0) return '';
    rules.length = depth - 1;
    const guide = rules.join('') + (isLast ? '└─ ' : '├─ ');
    rules.push(isLast ? '   ' : '│  ');
    return guide;
  });
}

function failedCell({ errors, calls }: DependencyEdge): Cell {
  return errors > 0 ? cell(`${errors} (${formatRatio(errors / calls)})`, 'error') : cell('');
}

function edgeRow(edge: DependencyEdge): Cell[] {
  const { calls, client, server, network } = edge;
  // The caller's view includes the network; without a client span the callee's has to do.
  const durations = client.count > 0 ? client : server;
  return [
    cell(calls.toLocaleString('en')),
    failedCell(edge),
    ...(['p50Ns', 'p95Ns', 'p99Ns'] as const).map((name) => durationCell(durations, name)),
    durationCell(network, 'p50Ns'),
    cell(`${nodeText(edge.source)} → ${nodeText(edge.target)}`),
  ];
}

function durationCell(durations: CallDurations, name: 'p50Ns' | 'p95Ns' | 'p99Ns'): Cell {
  const duration = durations[name];
  return duration === null ? cell('–', 'dim') : cell(formatDuration(duration));
}
