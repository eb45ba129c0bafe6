import { buildTrace } from '../../src/analysis/build-trace.ts';
import { serviceDependencies } from '../../src/analysis/service-dependencies.ts';
import { type KnownWords, vocabularyOf } from '../../src/cli/known-words.ts';
import { readQuery } from '../../src/cli/typed-query.ts';
import type { Bookmark } from '../../src/model/bookmark.ts';
import type { TraceId } from '../../src/model/ids.ts';
import { type Span, serviceName } from '../../src/model/span.ts';
import type { TraceFilter, TraceSort, TraceSummary } from '../../src/model/trace-summary.ts';
import { UserError } from '../../src/model/user-error.ts';
import { completeQuery } from '../../src/traceql/complete-query.ts';
import { compilePipeline } from '../../src/traceql/spansets.ts';
import { packView } from '../../src/tui/pack-view.ts';
import { storeAnalyzer } from '../../src/tui/store-analysis.ts';
import type {
  PagePosition,
  TracePoints,
  TraceQuery,
  TraceSource,
} from '../../src/tui/trace-source.ts';

/** A source of traces in memory, with the order and filters of the store. */
export function memorySource(
  traces: readonly (readonly Span[])[],
  label = 'in memory',
): TraceSource {
  const spansOf = new Map(traces.map((spans) => [idOf(spans), spans]));
  const summaries = traces.map(summaryOf);
  let bookmarks: readonly Bookmark[] = [];
  const filtered = (filter: TraceFilter) =>
    summaries.filter(
      (trace, key) => isWanted(trace, filter) && filter.found?.traceKeys.includes(key) !== false,
    );
  return {
    label,
    countTraces: (filter) => filtered(filter).length,
    listTraces: (query, position, limit) =>
      page(filtered(query.filter).sort(comparison(query)), position, limit),
    readTrace: (traceId) => {
      const spans = spansOf.get(traceId);
      if (!spans) throw new UserError('input', `no trace ${traceId}`);
      return packView(spans);
    },
    analyze: async (filter) => {
      const knownServices = summaries.flatMap(({ services }) => services);
      const analyzer = storeAnalyzer(serviceDependencies({ knownServices }));
      for (const { traceId } of filtered(filter)) analyzer.add(spansOf.get(traceId) ?? []);
      return analyzer.result();
    },
    listBookmarks: () => [...bookmarks].reverse(),
    keepBookmark: (bookmark) => {
      bookmarks = [...bookmarks.filter((other) => !isSameSpan(other, bookmark)), bookmark];
    },
    dropBookmark: (bookmark) => {
      bookmarks = bookmarks.filter((other) => !isSameSpan(other, bookmark));
    },
    find: async (text, filter) => {
      const { query, text: canonical } = readQuery([text]);
      const run = compilePipeline(query.kind === 'spans' ? query.stages : []);
      const wanted = new Set(filtered(filter));
      const traceKeys = summaries.flatMap((summary, key) => {
        const spans = spansOf.get(summary.traceId) ?? [];
        return wanted.has(summary) && run(buildTrace(spans)) !== null ? [key] : [];
      });
      return { query: canonical, traceKeys };
    },
    readWords: async () => {
      const spans = traces.flat();
      const words: KnownWords = {
        services: [...new Set(summaries.flatMap(({ services }) => services))],
        operations: [...new Set(spans.map(({ name }) => name))],
        attributes: attributesOf(spans),
      };
      return (text) => completeQuery(text, text.length, vocabularyOf(words));
    },
    readPoints: async (filter) => pointsOf(filtered(filter)),
  };
}

function attributesOf(spans: readonly Span[]): KnownWords['attributes'] {
  const values = new Map<string, Set<string>>();
  for (const { attributes } of spans) {
    for (const [name, value] of attributes) {
      const known = values.get(name) ?? new Set();
      // Lists and maps are no words.
      if (typeof value !== 'object') known.add(String(value));
      values.set(name, known);
    }
  }
  return Array.from(values, ([name, known]) => ({ scope: 'span', name, values: [...known] }));
}

function isSameSpan(a: Bookmark, b: Bookmark): boolean {
  return a.traceId === b.traceId && a.spanId === b.spanId;
}

function pointsOf(traces: readonly TraceSummary[]): TracePoints {
  const names = [...new Set(traces.map(({ root }) => JSON.stringify(root)))];
  return {
    startMs: Float64Array.from(traces, ({ startUnixNano }) => Number(startUnixNano) / 1e6),
    durationNs: Float64Array.from(traces, ({ durationNs }) => durationNs),
    isFailed: Uint8Array.from(traces, ({ errors }) => Number(errors > 0)),
    root: Uint32Array.from(traces, ({ root }) => names.indexOf(JSON.stringify(root))),
    roots: names.map((name) => JSON.parse(name) ?? { service: '', operation: '' }),
  };
}

/** What the store knows of a trace without its spans. */
export function summaryOf(spans: readonly Span[]): TraceSummary {
  const trace = buildTrace(spans);
  const root = trace.roots.find(({ span }) => span.parentSpanId === null);
  return {
    traceId: trace.traceId,
    traceIdRaw: null,
    startUnixNano: trace.startUnixNano,
    durationNs: trace.durationNs,
    spans: spans.length,
    errors: spans.filter(({ statusCode }) => statusCode === 'error').length,
    services: [...new Set(spans.map(({ resource }) => serviceName(resource)))].sort(),
    root: root ? { service: root.service, operation: root.span.name } : null,
    orphans: trace.roots.filter(({ missingParent }) => missingParent !== null).length,
  };
}

function idOf(spans: readonly Span[]): TraceId {
  const [first] = spans;
  if (!first) throw new RangeError('a trace has at least one span');
  return first.traceId;
}

function isWanted(trace: TraceSummary, filter: TraceFilter): boolean {
  const { words = [], service, withErrors, minDurationNs, maxDurationNs, since, until } = filter;
  const { root, services, traceId } = trace;
  const texts = [traceId, ...services, root?.operation ?? ''].map((text) => text.toLowerCase());
  return (
    words.every((word) => texts.some((text) => text.includes(word.toLowerCase()))) &&
    (service === undefined || services.includes(service)) &&
    (!withErrors || trace.errors > 0) &&
    trace.durationNs >= (minDurationNs ?? 0) &&
    trace.durationNs <= (maxDurationNs ?? Number.POSITIVE_INFINITY) &&
    (since === undefined || trace.startUnixNano >= since) &&
    (until === undefined || trace.startUnixNano < until)
  );
}

const VALUES: Readonly<Record<TraceSort, (trace: TraceSummary) => bigint>> = {
  start: ({ startUnixNano }) => startUnixNano,
  duration: ({ durationNs }) => BigInt(durationNs),
  spans: ({ spans }) => BigInt(spans),
  errors: ({ errors }) => BigInt(errors),
};

/** Descending, among equals newest first, then by id; ascending is the exact reverse. */
function comparison({
  sort,
  descending,
}: TraceQuery): (a: TraceSummary, b: TraceSummary) => number {
  const order = (a: bigint, b: bigint) => (a < b ? 1 : a > b ? -1 : 0);
  const sign = descending ? 1 : -1;
  return (a, b) =>
    sign *
    (order(VALUES[sort](a), VALUES[sort](b)) ||
      order(a.startUnixNano, b.startUnixNano) ||
      (a.traceId < b.traceId ? -1 : 1));
}

function page(all: TraceSummary[], position: PagePosition, limit: number): TraceSummary[] {
  switch (position.at) {
    case 'first':
      return all.slice(0, limit);
    case 'last':
      return all.slice(-limit);
    case 'after': {
      const from = all.findIndex(({ traceId }) => traceId === position.trace.traceId) + 1;
      return all.slice(from, from + limit);
    }
    case 'before': {
      const to = all.findIndex(({ traceId }) => traceId === position.trace.traceId);
      return all.slice(Math.max(0, to - limit), to);
    }
  }
}
