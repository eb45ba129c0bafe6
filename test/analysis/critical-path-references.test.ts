import { expect } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { type CriticalPathOptions, criticalPath } from '../../src/analysis/critical-path.ts';
import type { Trace, TraceNode } from '../../src/model/trace.ts';
import { corpusTest } from '../helpers/corpus.ts';
import {
  jaegerTraces,
  rawSpanId,
  rawTraceId,
  readPathReference,
} from '../helpers/reference-traces.ts';
import { type CaseSpan, caseSpans } from '../helpers/worked-case.ts';

interface Section {
  readonly spanId: string;
  readonly start: number;
  readonly end: number;
}

interface Reference {
  readonly traceID: string;
  readonly root: string;
  readonly sections: readonly Section[];
  readonly otherRoots: readonly unknown[];
  readonly detached: readonly string[];
  readonly asynchronous: readonly string[];
  readonly outside: readonly string[];
  readonly shifted: Readonly<Record<string, number>>;
  readonly warnings: readonly unknown[];
}

/** What the path of a trace is in the references' terms: raw ids, absolute microseconds. */
function resultOf(trace: Trace, options: CriticalPathOptions = {}): Reference {
  const path = criticalPath(trace, options);
  const zero = Number(trace.startUnixNano / 1000n);
  const ids = (nodes: readonly TraceNode[]) =>
    nodes.map(rawSpanId).sort((a, b) => (a < b ? -1 : 1));
  return {
    traceID: rawTraceId(trace),
    root: path.root ? rawSpanId(path.root) : '',
    sections: path.sections.map(({ node, startNs, endNs }) => ({
      spanId: node ? rawSpanId(node) : '',
      start: zero + startNs / 1000,
      end: zero + endNs / 1000,
    })),
    otherRoots: path.otherRoots,
    detached: ids(path.detached),
    asynchronous: ids(path.asynchronous),
    outside: ids(path.outside),
    shifted: Object.fromEntries(
      path.shifts.map(({ node, shiftNs }) => [rawSpanId(node), shiftNs / 1000]),
    ),
    warnings: trace.warnings,
  };
}

corpusTest.each(['traceweaver_node_1', 'traceweaver_hotel_load100'])(
  '%s: every trace equals its reference, to the microsecond',
  (stem) => {
    const traces = jaegerTraces(readPathReference(`${stem}.json`));
    const references = readPathReference<Reference[]>(`${stem}.reference.json`);
    expect(traces).toHaveLength(100);
    const byTrace = new Map(references.map((reference) => [reference.traceID, reference]));
    for (const trace of traces) {
      expect(resultOf(trace)).toEqual(byTrace.get(rawTraceId(trace)));
    }
  },
);

corpusTest('nested traces without tolerance: jaeger-ui, CRISP and Kibana all agree with it', () => {
  const traces = jaegerTraces(readPathReference('ordinary_200.json'));
  const agreed = readPathReference<Reference[]>('ordinary_200.agreed.json');
  expect([traces.length, agreed.length]).toEqual([200, 200]);
  const byTrace = new Map(agreed.map(({ traceID, sections }) => [traceID, sections]));
  for (const trace of traces) {
    const { sections } = resultOf(trace, { overlapTolerance: false });
    expect(sections).toEqual(byTrace.get(rawTraceId(trace)));
  }
});

interface CrispCase {
  readonly name: string;
  readonly spans: readonly CaseSpan[];
  readonly expected: { readonly opTimeExclusive: Readonly<Record<string, number>> };
}

/** CRISP lets siblings that overlap by a few microseconds both keep the overlap, so that its times sum up to more than the root. */
const CRISP_COUNTS_TWICE = ['crisp-10', 'crisp-19', 'crisp-20', 'crisp-21'];

corpusTest("CRISP's own tests: exclusive time per operation", () => {
  const cases = readPathReference<CrispCase[]>('crisp_published_expectations.json');
  expect(cases).toHaveLength(25);
  const differ = cases.filter(({ spans, expected }) => {
    const exclusive: Record<string, number> = {};
    for (const { node, startNs, endNs } of criticalPath(buildTrace(caseSpans(spans))).sections) {
      const key = `[${node?.service}] ${node?.span.name}`;
      exclusive[key] = (exclusive[key] ?? 0) + (endNs - startNs) / 1000;
    }
    const keys = new Set([...Object.keys(exclusive), ...Object.keys(expected.opTimeExclusive)]);
    return [...keys].some((key) => (exclusive[key] ?? 0) !== expected.opTimeExclusive[key]);
  });
  expect(differ.map(({ name }) => name)).toEqual(CRISP_COUNTS_TWICE);
});

interface JaegerUiCase {
  readonly name: string;
  readonly spans: readonly unknown[];
  readonly expected: readonly { spanID: string; sectionStart: number; sectionEnd: number }[];
}

/** A child of the same service that outlives its parent: jaeger-ui cuts it at the parent's end, here nobody waited for it. */
const DETACHED_HERE = ['test6', 'test7', 'test8'];

corpusTest("jaeger-ui's own tests: sections", () => {
  const cases = readPathReference<JaegerUiCase[]>('jaeger-ui_unit_test_expectations.json');
  expect(cases).toHaveLength(9);
  const differ = cases.filter(({ name, spans, expected }) => {
    const processes = { p1: { serviceName: 'svc', tags: [] } };
    const [trace] = jaegerTraces({ data: [{ traceID: name, spans, processes }] });
    const sections = trace && resultOf(trace).sections;
    const theirs = expected
      .map(({ spanID, sectionStart, sectionEnd }) => ({
        spanId: spanID,
        start: sectionStart,
        end: sectionEnd,
      }))
      .toReversed();
    return JSON.stringify(sections) !== JSON.stringify(theirs);
  });
  expect(differ.map(({ name }) => name)).toEqual(DETACHED_HERE);
});
