import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ServiceDependencies } from '../../src/analysis/service-dependencies.ts';
import { zipkinV2 } from '../../src/importers/zipkin/zipkin-v2.ts';
import type { AttributeValue } from '../../src/model/attributes.ts';
import type { Span, SpanKind } from '../../src/model/span.ts';
import { decodeText } from '../helpers/decode-text.ts';
import { dependenciesOf } from '../helpers/dependencies-of.ts';
import { spanIdOf, spanOf, traceIdOf } from '../helpers/span-of.ts';

interface CaseSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly service: string;
  readonly kind: SpanKind;
  readonly name: string;
  readonly startUs: number;
  readonly durationUs?: number;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly error?: boolean;
  readonly shared?: boolean;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface CaseEdge {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly calls: number;
  readonly errors: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly clientDurationUs: readonly number[];
  readonly serverDurationUs: readonly number[];
  readonly inferred?: Readonly<Record<string, number>>;
}

interface Case {
  readonly id: string;
  readonly description: string;
  readonly spans: readonly CaseSpan[];
  readonly zipkinV2: readonly object[];
  readonly expected: {
    readonly edges: readonly CaseEdge[];
    readonly collapsedEdges?: readonly CaseEdge[];
    readonly stats: Readonly<Record<string, number>>;
  };
}

const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/cases/dependencies.json', import.meta.url), 'utf8'),
);

function caseSpan(span: CaseSpan): Span {
  const base = spanOf({
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? null,
    service: span.service,
    kind: span.kind,
    name: span.name,
    startUnixNano: BigInt(span.startUs) * 1000n,
    durationNs: (span.durationUs ?? 0) * 1000,
    attributes: new Map(
      Object.entries(span.attributes ?? {}).map(([key, value]): [string, AttributeValue] => [
        key,
        typeof value === 'number' ? BigInt(value) : value,
      ]),
    ),
    statusCode: span.error === true ? 'error' : 'unset',
    links: (span.links ?? []).map((link) => ({
      traceId: traceIdOf(link.traceId),
      spanId: spanIdOf(link.spanId),
      traceState: '',
      attributes: new Map(),
      flags: 0,
      droppedAttributes: 0,
    })),
  });
  return { ...base, origin: { ...base.origin, shared: span.shared ?? false } };
}

/** The result as a case states it; durations as their sum, which tells a duration too many or too few. */
function facts({ edges, stats }: ServiceDependencies): object {
  return {
    edges: edges.map((edge) => ({
      source: edge.source,
      target: edge.target,
      type: edge.type,
      calls: edge.calls,
      errors: edge.errors,
      clientErrors: edge.clientErrors,
      serverErrors: edge.serverErrors,
      clientUs: [edge.client.count, edge.client.totalNs / 1000, (edge.client.maxNs ?? 0) / 1000],
      serverUs: [edge.server.count, edge.server.totalNs / 1000, (edge.server.maxNs ?? 0) / 1000],
      inferred: withoutZeros(edge.inferred),
    })),
    stats: withoutZeros({ ...stats, negativeNetwork: 0, negativeQueue: 0 }),
  };
}

function expectedFacts(edges: readonly CaseEdge[], stats: Readonly<Record<string, number>>) {
  return {
    edges: edges
      .map(({ clientDurationUs, serverDurationUs, inferred = {}, ...edge }) => ({
        ...edge,
        clientUs: sample(clientDurationUs),
        serverUs: sample(serverDurationUs),
        inferred,
      }))
      .sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    stats,
  };
}

function key({ source, target, type }: { source: string; target: string; type: string }): string {
  return `${source}\n${target}\n${type}`;
}

function sample(durations: readonly number[]): number[] {
  return [durations.length, durations.reduce((sum, us) => sum + us, 0), Math.max(0, ...durations)];
}

function withoutZeros(counts: object): object {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

/** In Zipkin's form the remote endpoint has a name, which outranks the database's own. */
const ZIPKIN_NAMES: ReadonlyMap<string, string> = new Map([
  ['database:postgresql/orders', 'database:postgresql/pg.local'],
  ['database:redis', 'database:redis/redis'],
  ['database:mysql', 'database:mysql/mysql'],
]);

test('there are cases', () => {
  expect(cases.length).toBeGreaterThanOrEqual(21);
});

describe.each(cases)('$id: $description', ({ spans: drawn, zipkinV2: records, expected }) => {
  const { collapsedEdges = expected.edges } = expected;
  const spans = drawn.map(caseSpan);
  const find = (traceId: string, spanId: string) =>
    spans.find((span) => span.traceId === traceId && span.spanId === spanId) ?? null;

  test('edges', () => {
    expect(facts(dependenciesOf(spans))).toEqual(expectedFacts(expected.edges, expected.stats));
  });

  test('edges without brokers', () => {
    const result = dependenciesOf(spans, { collapseMessaging: { findSpan: find } });
    expect(facts(result)).toEqual(expectedFacts(collapsedEdges, expected.stats));
  });

  test('edges of the same spans as Zipkin v2', () => {
    const { spans: read } = decodeText(zipkinV2, records);
    const result = dependenciesOf(read, { caseInsensitive: true });
    const edges = expected.edges.map((edge) => ({
      ...edge,
      target: ZIPKIN_NAMES.get(edge.target) ?? edge.target,
    }));
    expect(facts(result)).toEqual(expectedFacts(edges, expected.stats));
  });
});
