import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CORPUS } from '../helpers/corpus.ts';
import { BIN } from '../helpers/run-tracecli.ts';

/**
 * Figures of `analyze --json` on a dump of OpenTelemetry's demo, worked out again from its JSON lines: with nothing of the program but
 * its output, by counting, sorting and adding up. Slow where the program is clever, so that both would have to be wrong in the same way.
 */
const DUMP = 'traces/otlp-jsonl/ymtdzzz_otel-tui__mixed-signals-otel-demo.jsonl';

interface RawSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code?: number };
}

interface PlainSpan {
  readonly trace: string;
  readonly id: string;
  readonly parent: string;
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly failed: boolean;
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

function readSpans(file: string): PlainSpan[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .flatMap((line) => JSON.parse(line).resourceSpans ?? [])
    .flatMap(({ resource, scopeSpans }) => {
      const named = resource.attributes.find(({ key }: { key: string }) => key === 'service.name');
      const service: string = named.value.stringValue;
      const spans: RawSpan[] = scopeSpans.flatMap((scope: { spans: RawSpan[] }) => scope.spans);
      return spans.map((span) => ({
        trace: span.traceId,
        id: span.spanId,
        parent: span.parentSpanId ?? '',
        service,
        name: span.name,
        kind: KINDS[span.kind] ?? '',
        start: BigInt(span.startTimeUnixNano),
        end: BigInt(span.endTimeUnixNano),
        failed: span.status?.code === 2,
      }));
    });
}

/** By a text of each, in order of appearance. */
function grouped<T>(all: readonly T[], textOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(textOf(one), [...(groups.get(textOf(one)) ?? []), one]);
  return groups;
}

/** The smallest value that at least `perMille` of the values do not exceed, found by counting. */
function ranked(values: readonly number[], perMille: number): number | undefined {
  const candidates = values.filter(
    (value) => values.filter((other) => other <= value).length * 1000 >= perMille * values.length,
  );
  return candidates.length === 0 ? undefined : Math.min(...candidates);
}

function duration({ start, end }: Pick<PlainSpan, 'start' | 'end'>): number {
  return Number(end - start);
}

/** Time in which none of the children runs: between any two neighbouring instants at which something starts or ends. */
function ownTime(span: PlainSpan, children: readonly PlainSpan[]): number {
  const instants = [span.start, span.end, ...children.flatMap(({ start, end }) => [start, end])]
    .filter((instant) => instant >= span.start && instant <= span.end)
    .sort(byValue);
  return instants.slice(1).reduce((sum, until, i) => {
    const from = instants[i] ?? until;
    const isBusy = children.some(({ start, end }) => start <= from && until <= end);
    return isBusy ? sum : sum + Number(until - from);
  }, 0);
}

function byValue(a: bigint, b: bigint): number {
  return Number(a - b);
}

/** For lists whose order does not matter. */
function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe.skipIf(CORPUS === null)('the demo, worked out again (needs TRACECLI_CORPUS)', () => {
  let spans: PlainSpan[] = [];
  let traces = new Map<string, PlainSpan[]>();
  let byId = new Map<string, PlainSpan>();
  // biome-ignore lint/suspicious/noExplicitAny: the document as a script sees it
  let document: any;

  beforeAll(() => {
    const dump = path.join(CORPUS ?? '', DUMP);
    document = JSON.parse(
      execFileSync(process.execPath, [BIN, 'analyze', dump, '--json'], {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      }),
    );
    spans = readSpans(dump);
    traces = grouped(spans, ({ trace }) => trace);
    byId = new Map(spans.map((span) => [span.trace + span.id, span]));
  });

  const parentOf = (span: PlainSpan) => byId.get(span.trace + span.parent);
  const childrenOf = (span: PlainSpan) =>
    (traces.get(span.trace) ?? []).filter(({ parent }) => parent === span.id);
  /** The first root of a trace, of two that start together the longer; the dump has one trace with an orphan instead. */
  const rootOf = (trace: readonly PlainSpan[]) =>
    trace
      .filter((span) => span.parent === '' || !parentOf(span))
      .sort(
        (a, b) =>
          Number(a.parent !== '') - Number(b.parent !== '') ||
          Number(a.start - b.start) ||
          Number(b.end - a.end),
      )[0];
  /** Whether the caller was still there when the call ended, give or take 2 µs or a tenth of the call. */
  const isSeen = (call: PlainSpan, caller: PlainSpan) =>
    Number(call.end - caller.end) <= Math.max(2000, duration(call) / 10);
  /** Errors reach a span through local spans of its service that say nothing themselves. */
  const hasFailedBelow = (span: PlainSpan): boolean =>
    childrenOf(span).some(
      (child) =>
        isSeen(child, span) &&
        (child.failed ||
          (child.kind === 'internal' && child.service === span.service && hasFailedBelow(child))),
    );
  const roots = () => [...traces.values()].flatMap((trace) => rootOf(trace) ?? []);
  const operations = () =>
    grouped(spans, ({ service, name, kind }) => JSON.stringify([service, name, kind]));

  test('1–6: traces, spans, services, errors, orphans, and from when to when', () => {
    expect(spans.length).toBeGreaterThan(500);
    expect(document.dataset).toMatchObject({
      traces: traces.size,
      spans: spans.length,
      services: [...new Set(spans.map(({ service }) => service))].sort((a, b) => (a < b ? -1 : 1)),
      errors: spans.filter(({ failed }) => failed).length,
      orphans: spans.filter((span) => span.parent !== '' && !parentOf(span)).length,
      start: String(spans.map(({ start }) => start).sort(byValue)[0]),
      end: String(
        spans
          .map(({ end }) => end)
          .sort(byValue)
          .at(-1),
      ),
    });
  });

  test('7: spans and errors of every operation', () => {
    const expected = Array.from(operations(), ([key, of]) => {
      const errors = of.filter(({ failed }) => failed).length;
      return [key, of.length, errors, errors / of.length];
    });
    const actual = document.operations.map(
      // biome-ignore lint/suspicious/noExplicitAny: the document as a script sees it
      ({ key, count, errors, errorRatio }: any) => [
        JSON.stringify([key.service, key.name, key.kind]),
        count,
        errors,
        errorRatio,
      ],
    );
    expect(actual.sort(byText)).toEqual(expected.sort(byText));
  });

  test('8: least, total, and seven percentiles of the durations of every operation', () => {
    for (const { key, durationNs } of document.operations) {
      const of = operations().get(JSON.stringify([key.service, key.name, key.kind])) ?? [];
      const durations = of.map(duration);
      expect(durationNs).toMatchObject({
        min: Math.min(...durations),
        total: sum(durations),
        p50: ranked(durations, 500),
        p75: ranked(durations, 750),
        p90: ranked(durations, 900),
        p95: ranked(durations, 950),
        p99: ranked(durations, 990),
        p999: ranked(durations, 999),
        max: Math.max(...durations),
      });
    }
  });

  test('9: time of their own, in total and the median, of every operation', () => {
    for (const { key, selfNs } of document.operations) {
      const of = operations().get(JSON.stringify([key.service, key.name, key.kind])) ?? [];
      const own = of.map((span) => ownTime(span, childrenOf(span)));
      expect(selfNs).toMatchObject({ total: sum(own), p50: ranked(own, 500) });
    }
  });

  test('10: traces that failed, and those with any error', () => {
    const withErrors = [...traces.values()].filter((trace) => trace.some(({ failed }) => failed));
    expect(document.errors.totals).toMatchObject({
      failedTraces: roots().filter(({ failed }) => failed).length,
      tracesWithErrors: withErrors.length,
      errorSpans: spans.filter(({ failed }) => failed).length,
    });
  });

  test('11: the critical paths add up to the durations of the roots, as do the groups', () => {
    expect(roots()).toHaveLength(traces.size);
    const total = sum(roots().map(duration));
    const { totalNs, groups } = document.criticalPath;
    expect(totalNs).toBe(total);
    expect(sum(groups.map((group: { totalNs: number }) => group.totalNs))).toBe(total);
  });

  test('12: root operations and how many traces have them', () => {
    const counts = grouped(roots(), ({ service, name, parent }) =>
      JSON.stringify(parent === '' ? [service, name] : ['(missing)', '(missing)']),
    );
    const actual = document.criticalPath.roots.map(
      // biome-ignore lint/suspicious/noExplicitAny: the document as a script sees it
      ({ service, operation, traces: of }: any) => [JSON.stringify([service, operation]), of],
    );
    expect(actual.sort(byText)).toEqual(
      Array.from(counts, ([key, of]) => [key, of.length]).sort(byText),
    );
  });

  test('13: from which duration on a trace is among the slowest twentieth, and how many are', () => {
    const durations = roots().map(duration);
    const from = ranked(durations, 950) ?? 0;
    expect(document.criticalPath.tail).toMatchObject({
      tailFromNs: from,
      tailTraces: durations.filter((ns) => ns >= from).length,
    });
  });

  test('14: calls and failures between services that have both of their spans', () => {
    const pairs = spans.flatMap((server) => {
      const client = parentOf(server);
      const isCall = server.kind === 'server' && client?.kind === 'client';
      return isCall ? [{ server, client }] : [];
    });
    const edges = grouped(pairs, ({ server, client }) =>
      JSON.stringify([`service:${client.service}`, `service:${server.service}`]),
    );
    expect(edges.size).toBeGreaterThan(3);
    const inferredBy = (reasons: Record<string, number>) => sum(Object.values(reasons));
    for (const [key, of] of edges) {
      const [source, target] = JSON.parse(key);
      const edge = document.dependencies.edges.find(
        (other: { source: string; target: string; type: string }) =>
          other.source === source && other.target === target && other.type === 'rpc',
      );
      expect(edge.calls - inferredBy(edge.inferred)).toBe(of.length);
      if (inferredBy(edge.inferred) > 0) continue;
      expect(edge.errors).toBe(
        of.filter(({ server, client }) => server.failed || client.failed).length,
      );
      expect(edge.server.p95Ns).toBe(
        ranked(
          of.map(({ server }) => duration(server)),
          950,
        ),
      );
    }
  });

  test('15: errors with a failed call below them are no origins', () => {
    const passedOn = spans.filter((span) => span.failed && hasFailedBelow(span));
    expect(document.errors.totals).toMatchObject({
      propagated: passedOn.length,
      origins: spans.filter(({ failed }) => failed).length - passedOn.length,
      cancelled: 0,
    });
  });

  test('16: requests over time add up, and each interval has those that start in it', () => {
    const { stepNs, traces: series } = document.red;
    for (const { startUnixNano, count, errors } of series.intervals) {
      const from = BigInt(startUnixNano);
      const within = roots().filter(({ start }) => start >= from && start < from + BigInt(stepNs));
      expect({ count, errors }).toEqual({
        count: within.length,
        errors: within.filter(({ failed }) => failed).length,
      });
    }
    expect(series.count).toBe(traces.size);
  });
});
