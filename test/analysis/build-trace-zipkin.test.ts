import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Trace, TraceNode } from '../../src/model/trace.ts';
import { CORPUS, corpusTest } from '../helpers/corpus.ts';
import { readDump } from '../helpers/read-dump.ts';
import { rawSpanId, readCorpusJson } from '../helpers/reference-traces.ts';
import { tracesOf } from '../helpers/traces-of.ts';

/** A node of the tree that Zipkin's server builds (`SpanNode`), in depth-first order; without an id it stands for a lost root. */
interface ZipkinNode {
  readonly depth: number;
  readonly id?: string;
  readonly shared?: boolean;
  readonly kind?: string | null;
}

interface ZipkinReference {
  readonly source: string;
  /** Absent where Zipkin gives no tree. */
  readonly tree?: unknown;
}

/** Where the trees differ, and why. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'openzipkin_zipkin__messaging2.json':
    'Zipkin hangs everything without a parent below the first root',
  'openzipkin_zipkin__smartthings-mobile-web-install.json':
    'Zipkin leaves a stub without kind and duration beside the half of its service',
  'openzipkin_zipkin__yelp.json':
    'Zipkin asks that the child of a shared span have its port too, and gives it to the client otherwise',
  'scalyr_opentelemetry-exporter-dataset__contrib-zipkin_v1_single_batch.json':
    'Zipkin gives the child of a shared span to the client when its service is unknown',
};

function theirs(tree: readonly { readonly nodes: readonly ZipkinNode[] }[]): string[] {
  return tree.flatMap(({ nodes }) => {
    const open: ZipkinNode[] = [];
    return nodes.flatMap((node) => {
      open.length = node.depth;
      const parent = open.at(-1);
      open.push(node);
      return node.id === undefined ? [] : [edge(node.id, node, parent?.id ?? '', parent?.shared)];
    });
  });
}

function edge(id: string, of: Partial<ZipkinNode>, parent: string, isParentShared = false): string {
  return [id, of.shared === true, of.kind ?? 'none', parent, isParentShared].join(' ');
}

function ours(trace: Trace): string[] {
  const isShared = (node: TraceNode) => node.span.origin.shared;
  return trace.nodes.map((node) => {
    const { kind } = node.span;
    const isLocal = kind === 'unspecified' || kind === 'internal';
    const half = { shared: isShared(node), kind: isLocal ? null : kind.toUpperCase() };
    const { parent } = node;
    return edge(id(node), half, parent ? id(parent) : '', parent ? isShared(parent) : false);
  });
}

function id(node: TraceNode): string {
  return rawSpanId(node).padStart(16, '0');
}

corpusTest("shared spans hang together as in Zipkin's own trees", async () => {
  const folder = path.join(CORPUS ?? '', 'cases', 'semantics', 'zipkin');
  const differing: string[] = [];
  let compared = 0;
  for (const file of readdirSync(folder)) {
    const { source, tree } = readCorpusJson<ZipkinReference>('cases', 'semantics', 'zipkin', file);
    if (!Array.isArray(tree)) continue;
    compared += 1;
    const spans = await readDump(path.join(CORPUS ?? '', 'traces', source));
    const edges = tracesOf(spans).flatMap(ours).sort(byText);
    if (edges.join('\n') !== theirs(tree).sort(byText).join('\n')) differing.push(file);
  }
  expect(compared).toBeGreaterThan(20);
  expect(differing).toEqual(Object.keys(DIFFERENCES));
});

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
