import { describe, expect } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { type CriticalPathOptions, criticalPath } from '../../src/analysis/critical-path.ts';
import { corpusTest } from '../helpers/corpus.ts';
import {
  type JaegerSpan,
  type JaegerTrace,
  jaegerId,
  jaegerSpans,
  readCorpusJson,
} from '../helpers/jaeger-dump.ts';
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
}

const FOLDER = ['cases', 'critical-path'] as const;

/** What the path of a Jaeger trace is in the references' terms: raw ids, absolute microseconds. */
function resultOf(trace: JaegerTrace, options: CriticalPathOptions): Reference {
  const built = buildTrace(jaegerSpans(trace));
  const path = criticalPath(built, options);
  const raw = new Map(trace.spans.map(({ spanID }) => [jaegerId(spanID), spanID]));
  const rawId = (id: string) => raw.get(id) ?? id;
  const zero = Number(built.startUnixNano / 1000n);
  return {
    traceID: trace.traceID,
    root: rawId(path.rootId),
    sections: path.sections.map(({ spanId, startNs, endNs }) => ({
      spanId: rawId(spanId),
      start: zero + startNs / 1000,
      end: zero + endNs / 1000,
    })),
    otherRoots: path.otherRoots,
    detached: path.detached.map(({ span }) => rawId(span.spanId)).sort(),
    asynchronous: path.asynchronous.map(({ span }) => rawId(span.spanId)).sort(),
    outside: path.outside.map(({ span }) => rawId(span.spanId)).sort(),
    shifted: Object.fromEntries(
      path.shifts.map(({ node, shiftNs }) => [rawId(node.span.spanId), shiftNs / 1000]),
    ),
  };
}

describe.each(['traceweaver_node_1', 'traceweaver_hotel_load100'])('%s', (stem) => {
  corpusTest('equals the reference result of every trace, to the microsecond', () => {
    const dump = readCorpusJson<{ data: JaegerTrace[] }>(...FOLDER, `${stem}.json`);
    const references = readCorpusJson<Reference[]>(...FOLDER, `${stem}.reference.json`);
    expect(dump.data).toHaveLength(100);
    const byTrace = new Map(references.map((reference) => [reference.traceID, reference]));
    for (const trace of dump.data) {
      expect({ ...resultOf(trace, {}), warnings: [] }).toEqual(byTrace.get(trace.traceID));
    }
  });
});

corpusTest('nested traces without tolerance: jaeger-ui, CRISP and Kibana all agree with it', () => {
  const dump = readCorpusJson<{ data: JaegerTrace[] }>(...FOLDER, 'ordinary_200.json');
  const agreed = readCorpusJson<Reference[]>(...FOLDER, 'ordinary_200.agreed.json');
  expect(agreed).toHaveLength(200);
  const byTrace = new Map(agreed.map(({ traceID, sections }) => [traceID, sections]));
  for (const trace of dump.data) {
    const { sections } = resultOf(trace, { overlapTolerance: false });
    expect(sections).toEqual(byTrace.get(trace.traceID));
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
  const cases = readCorpusJson<CrispCase[]>(...FOLDER, 'crisp_published_expectations.json');
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
  readonly spans: readonly JaegerSpan[];
  readonly expected: readonly { spanID: string; sectionStart: number; sectionEnd: number }[];
}

/** A child of the same service that outlives its parent: jaeger-ui cuts it at the parent's end, here nobody waited for it. */
const DETACHED_HERE = ['test6', 'test7', 'test8'];

corpusTest("jaeger-ui's own tests: sections", () => {
  const cases = readCorpusJson<JaegerUiCase[]>(...FOLDER, 'jaeger-ui_unit_test_expectations.json');
  expect(cases).toHaveLength(9);
  const differ = cases.filter(({ name, spans, expected }) => {
    const { sections } = resultOf({ traceID: name, spans }, {});
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
