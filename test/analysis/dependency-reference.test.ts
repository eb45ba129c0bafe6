import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeName } from '../../src/analysis/dependency-names.ts';
import type { ServiceDependencies } from '../../src/analysis/service-dependencies.ts';
import type { Span } from '../../src/model/span.ts';
import { CORPUS, corpusTest } from '../helpers/corpus.ts';
import { dependenciesOf } from '../helpers/dependencies-of.ts';
import { readDump } from '../helpers/read-dump.ts';

const FOLDER = path.join(CORPUS ?? '', 'cases/semantics');

/** Where the reference sees other spans than we do, and why. The edges named may differ, all others must not. */
const OTHER_SPANS: readonly {
  readonly because: string;
  readonly files: readonly string[];
  /** `source target`; empty where only the counts of what could not be told differ. */
  readonly edges: readonly string[];
}[] = [
  {
    because: 'the Collector invents a service "unknown-service" for Zipkin v1 spans without one',
    files: ['zipkin/scalyr_opentelemetry-exporter-dataset__contrib-zipkin_v1_single_batch.json'],
    edges: ['service:service1 service:unknown-service'],
  },
  {
    because: 'the reference takes 0 for the durations of spans without one',
    files: ['zipkin/openzipkin_zipkin__smartthings-mobile-web-install.json'],
    edges: ['service:bouncer service:pusher', 'service:coreSrv service:strongman'],
  },
  {
    because: 'fragments without a service name are merged; the Collector keeps them as spans',
    files: ['zipkin/openzipkin_zipkin__ui-messaging-kafka.json'],
    edges: ['service:servicea service:servicea', 'service:servicea service:serviceb'],
  },
  {
    because: 'which of two different spans with one id is the parent is a matter of convention',
    files: ['jaeger/jaegertracing_jaeger__ui_01.json'],
    edges: ['service:service-x service:service-y'],
  },
  {
    because: 'a parent that is missing is replaced by a Jaeger reference to a span that is there',
    files: [
      'otlp/jaegertracing_jaeger__memory-db_traces_01.json',
      'otlp/jaegertracing_jaeger__memory-otel_traces_01.json',
    ],
    edges: [
      'external:service-y service:service-x',
      'service:service-x messaging:service-y',
      'service:service-x service:service-x',
    ],
  },
  {
    because: 'the Collector takes HTTP codes for errors, and does not take error texts for errors',
    files: ['14', '17', '21', '22'].map((n) => `jaeger/uber-research_CRISP__case-${n}.json`),
    edges: [
      'service:S1 service:S2',
      'service:S1 service:S3',
      'service:S1 service:S4',
      'service:S2 service:S3',
    ],
  },
  {
    because: 'the reference leaves a port in a name',
    files: ['otlp/smithclay_otlp2parquet__trace.json'],
    edges: [
      'service:frontend-proxy external:172.18.0.25',
      'service:frontend-proxy external:172.18.0.25:8080',
    ],
  },
];

interface ReferenceEdge {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly calls: number;
  readonly errors: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly clientCalls?: number;
  readonly clientSumNs?: number;
  readonly serverCalls?: number;
  readonly serverSumNs?: number;
  readonly clientDurationUs?: readonly number[];
  readonly inferred?: Readonly<Record<string, number>>;
}

interface ReferenceFile {
  readonly spans: number;
  readonly edges: readonly ReferenceEdge[];
  readonly edges_collapsed_messaging?: readonly ReferenceEdge[];
  readonly stats: Readonly<Record<string, number>>;
}

/** The file of the corpus that a name of the reference means; it calls both versions of Zipkin `zipkin`. */
function corpusFile(name: string): string {
  const names = [
    name,
    name.replace('zipkin/', 'zipkin-v2/'),
    name.replace('zipkin/', 'zipkin-v1/'),
  ];
  const found = names.map((n) => path.join(CORPUS ?? '', 'traces', n)).find((f) => existsSync(f));
  if (found === undefined) throw new Error(`the corpus has no ${name}`);
  return found;
}

function edgeFacts({ edges }: ServiceDependencies): string[] {
  return edges.map((edge) =>
    edgeText({
      ...edge,
      clientCalls: edge.client.count,
      clientSumNs: edge.client.totalNs,
      serverCalls: edge.server.count,
      serverSumNs: edge.server.totalNs,
    }),
  );
}

function edgeText(edge: ReferenceEdge): string {
  const inferred = Object.entries(edge.inferred ?? {})
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${reason} ${count}`)
    .sort();
  const { source, target, type, calls, errors, clientErrors, serverErrors } = edge;
  const { clientCalls, clientSumNs, serverCalls, serverSumNs } = edge;
  const counts = [calls, errors, clientErrors, serverErrors];
  const durations = [clientCalls, clientSumNs, serverCalls, serverSumNs];
  return [source, target, type, ...counts, ...durations, ...inferred].join(' ');
}

function without(edges: readonly string[], excepted: readonly string[]): string[] {
  return edges.filter((edge) => !excepted.some((name) => edge.startsWith(`${name} `))).sort();
}

const reference: Readonly<Record<string, ReferenceFile>> =
  CORPUS === null
    ? {}
    : JSON.parse(readFileSync(path.join(FOLDER, 'dep_reference_edges.json'), 'utf8')).files;
/** Where the Collector could read the dump at all. */
const readable = Object.entries(reference).filter(([, { spans }]) => spans > 0);

describe('the edges of a reference implementation over what the Collector reads', () => {
  corpusTest('are there', () => {
    expect(readable.length).toBeGreaterThan(100);
    expect(readable.flatMap(([, { edges }]) => edges).length).toBeGreaterThan(270);
  });

  test.each(readable)('%s', async (name, expected) => {
    const spans = await readDump(corpusFile(name));
    const caseInsensitive = name.startsWith('zipkin/');
    const exception = OTHER_SPANS.find(({ files }) => files.includes(name));
    const excepted = exception?.edges ?? [];

    const brokers = dependenciesOf(spans, { caseInsensitive });
    expect(without(edgeFacts(brokers), excepted)).toEqual(
      without(expected.edges.map(edgeText), excepted),
    );
    if (exception === undefined) expect(gaps(brokers)).toEqual(expected.stats);

    const collapsed = dependenciesOf(spans, {
      caseInsensitive,
      collapseMessaging: { findSpan: finder(spans) },
    });
    const { edges_collapsed_messaging: collapsedEdges = expected.edges } = expected;
    expect(without(edgeFacts(collapsed), excepted)).toEqual(
      without(collapsedEdges.map(edgeText), excepted),
    );
  });
});

/** What the reference counts, without zeros. */
function gaps({ stats }: ServiceDependencies): object {
  const { negativeNetwork: _, negativeQueue: __, ...counted } = stats;
  return Object.fromEntries(Object.entries(counted).filter(([, count]) => count > 0));
}

function finder(spans: readonly Span[]) {
  const byId = new Map(spans.map((span) => [span.traceId + span.spanId, span]));
  return (traceId: string, spanId: string) => byId.get(traceId + spanId) ?? null;
}

interface ZipkinCase {
  readonly source: string;
  readonly links:
    | readonly { readonly parent: string; readonly child: string; readonly callCount: number }[]
    | { readonly error: string };
}

/** Links on which we differ from Zipkin on purpose: `parent child`. */
const OTHER_LINKS: Readonly<
  Record<string, { readonly because: string; readonly links: readonly string[] }>
> = {
  'openzipkin_zipkin__messaging2.json': {
    because: 'Zipkin hangs spans whose parent is missing under another root',
    links: ['mobile-gateway transfer-service'],
  },
  'openzipkin_zipkin__smartthings-mobile-web-install.json': {
    because: 'spans without kind that name their own service are local',
    links: ['stlogin stlogin', 'strongman strongman'],
  },
  'openzipkin_zipkin__yelp.json': {
    because: 'a service is what calls itself so, not the caller "unknown" that its server names',
    links: [
      'routing unknown',
      'routing yelp-main',
      'unknown yelp-main',
      'yelp-main mobile_api',
      'yelp_main/api_proxy yelp-main',
    ],
  },
};

/** Names as Zipkin links know them: no types, lower case, a database by its own name. */
function zipkinName(id: Parameters<typeof nodeName>[0]): string {
  const name = nodeName(id).toLowerCase();
  return id.startsWith('database:') ? name.slice(name.indexOf('/') + 1) : name;
}

describe("the links of Zipkin's own DependencyLinker", () => {
  const files = CORPUS === null ? [] : readdirSync(path.join(FOLDER, 'zipkin'));
  const linked = files.flatMap((file) => {
    const read: ZipkinCase = JSON.parse(readFileSync(path.join(FOLDER, 'zipkin', file), 'utf8'));
    return 'error' in read.links ? [] : [{ file, source: read.source, links: read.links }];
  });

  corpusTest('are there', () => {
    expect(linked.length).toBeGreaterThanOrEqual(26);
  });

  test.each(linked)('$file', async ({ file, source, links }) => {
    const spans = await readDump(path.join(CORPUS ?? '', 'traces', source));
    const counts = new Map<string, number>();
    for (const edge of dependenciesOf(spans, { caseInsensitive: true }).edges) {
      const link = `${zipkinName(edge.source)} ${zipkinName(edge.target)}`;
      counts.set(link, (counts.get(link) ?? 0) + edge.calls);
    }
    const ours = [...counts]
      .filter(([link]) => !link.startsWith('user '))
      .map(([link, calls]) => `${link} ${calls}`);
    const theirs = links.map(({ parent, child, callCount }) => `${parent} ${child} ${callCount}`);
    const excepted = OTHER_LINKS[file]?.links ?? [];
    expect(without(ours, excepted)).toEqual(without(theirs, excepted));
  });
});
