import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Analysis, type AnalyzeOptions, analyzeHere } from '../../src/cli/analyze-traces.ts';
import { chosenFindings } from '../../src/cli/chosen-findings.ts';
import { SectionCosts } from '../../src/cli/section-costs.ts';
import { SECTIONS } from '../../src/cli/sections.ts';
import type { Span } from '../../src/model/span.ts';
import { unixNano } from '../../src/model/time.ts';
import { analysisDocument } from '../../src/report/analysis-report.ts';
import { renderJson } from '../../src/report/render-json.ts';
import { messySpans } from '../helpers/messy-spans.ts';
import { resourceOf, type SpanParts, spanIdOf, spanOf, traceIdOf } from '../helpers/span-of.ts';
import { storeWith } from '../helpers/store-with.ts';

const OPTIONS: AnalyzeOptions = {
  sections: SECTIONS,
  groupBy: 'operation',
  inferErrors: false,
  exact: false,
  savings: 5,
  separate: null,
  findings: chosenFindings({}),
};

function analysisOf(spans: readonly Span[], options = OPTIONS): Analysis {
  const store = storeWith(spans);
  try {
    return analyzeHere(store, {}, options, { costs: new SectionCosts() });
  } finally {
    store.close();
  }
}

function documentOf(analysis: Analysis): string {
  return renderJson(analysisDocument({ inputs: [], leftOut: null, ...analysis }, '0.0.0'));
}

/** A few traces one after the other, each as bad as a dump can have it. */
const messyTraces: fc.Arbitrary<Span[]> = fc
  .array(messySpans, { minLength: 1, maxLength: 5 })
  .map((traces) =>
    traces.flatMap((spans, i) =>
      spans.map((span) => ({
        ...span,
        traceId: traceIdOf((i + 1).toString(16)),
        startUnixNano: unixNano(span.startUnixNano + BigInt(i) * 1_000_000_000n),
        endUnixNano: unixNano(span.endUnixNano + BigInt(i) * 1_000_000_000n),
        links: span.links.map((link) => ({ ...link, traceId: traceIdOf((i + 1).toString(16)) })),
      })),
    ),
  );

const RUNS = { numRuns: 30 };

test('the order in which spans were written changes nothing', () => {
  const withShuffled = messyTraces.chain((spans) =>
    fc.tuple(fc.constant(spans), fc.shuffledSubarray(spans, { minLength: spans.length })),
  );
  fc.assert(
    fc.property(withShuffled, ([spans, shuffled]) => {
      expect(documentOf(analysisOf(shuffled))).toBe(documentOf(analysisOf(spans)));
    }),
    RUNS,
  );
});

/** New names that sort as the old ones do, because lists end ties by name. */
const SERVICES: Readonly<Record<string, string>> = { a: 'delta', b: 'echo', c: 'foxtrot', '': '' };
const OPERATIONS: Readonly<Record<string, string>> = {
  op0: 'alder',
  op1: 'birch',
  op2: 'cedar',
  op3: 'elder',
};

/** The spans under other names and ids, everything else as it was. */
function renamed(spans: readonly Span[]): Span[] {
  const idOf = (id: string) => spanIdOf(id.replace(/^0/, '7'));
  return spans.map((span) => {
    const attributes = new Map(span.resource.attributes);
    const service = attributes.get('service.name');
    if (typeof service === 'string') attributes.set('service.name', SERVICES[service] ?? '');
    return {
      ...span,
      traceId: traceIdOf(span.traceId.replace(/^0/, '7')),
      spanId: idOf(span.spanId),
      parentSpanId: span.parentSpanId && idOf(span.parentSpanId),
      name: OPERATIONS[span.name] ?? '',
      resource: { ...span.resource, attributes },
      links: span.links.map((link) => ({
        ...link,
        traceId: traceIdOf(link.traceId.replace(/^0/, '7')),
        spanId: idOf(link.spanId),
      })),
    };
  });
}

/** What a document says, with the names of `renamed`; without fingerprints, which hash names, and titles, which are sentences with them. */
function renamedDocument(document: string): unknown {
  const text = document
    .replace(/\bop[0-3]\b/g, (name) => OPERATIONS[name] ?? '')
    .replace(/(?<=")([abc])(?=")/g, (name) => SERVICES[name] ?? '')
    .replace(/(?<=service:)([abc])(?=")/g, (name) => SERVICES[name] ?? '')
    .replace(/(?<=")0([0-9a-f]{15}|[0-9a-f]{31})(?=")/g, '7$1');
  return withoutFingerprints(text);
}

function withoutFingerprints(text: string): unknown {
  const document = JSON.parse(text);
  const findings: object[] = document.findings;
  const told = findings.map((finding) =>
    JSON.stringify({ ...finding, fingerprint: '', title: '' }),
  );
  return { ...document, findings: told.sort((a, b) => (a < b ? -1 : 1)) };
}

test('other names for services, operations and ids change these names and nothing else', () => {
  fc.assert(
    fc.property(messyTraces, (spans) => {
      const expected = renamedDocument(documentOf(analysisOf(spans)));
      expect(withoutFingerprints(documentOf(analysisOf(renamed(spans))))).toEqual(expected);
    }),
    RUNS,
  );
});

test('an analysis that was put away and taken out again gives the same document', () => {
  fc.assert(
    fc.property(messyTraces, (spans) => {
      const analysis = analysisOf(spans);
      const again: Analysis = deserialize(serialize(analysis));
      expect(documentOf(again)).toBe(documentOf(analysis));
    }),
    RUNS,
  );
});

const MS = 1_000_000;

/** How a service of a healthy system answers: what it calls, one after the other. */
interface Answer {
  readonly service: number;
  readonly calls: readonly Answer[];
  readonly queries: number;
}

const { answer } = fc.letrec<{ answer: Answer }>((tie) => ({
  answer: fc.record({
    service: fc.nat(50),
    queries: fc.nat(3),
    calls: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('answer'), { maxLength: 3 })),
  }),
}));

/** The spans of a request that goes well: a server span, its queries, its calls as client and server spans within each other. */
function healthySpans(root: Answer, traceId: string): Span[] {
  const spans: Span[] = [];
  const add = (parts: SpanParts & { service: string; from: number; to: number }) => {
    const { service, from, to, ...rest } = parts;
    const spanId = (spans.length + 1).toString(16);
    spans.push(
      spanOf({
        traceId,
        spanId,
        resource: resourceOf(service),
        startUnixNano: 1_700_000_000_000_000_000n + BigInt(Math.round(from * MS)),
        durationNs: Math.round((to - from) * MS),
        ...rest,
      }),
    );
    return spanId;
  };
  const lengthOf = ({ calls, queries }: Answer): number =>
    1 + queries * 0.5 + calls.reduce((sum, call) => sum + lengthOf(call) + 0.4, 0);
  const visit = (one: Answer, depth: string, parentSpanId: string | null, from: number) => {
    // A name of its own for every place: a service that is met again on the way down would be a cycle.
    const service = `service-${depth}`;
    const to = from + lengthOf(one);
    const own = add({ service, name: `handle ${depth}`, kind: 'server', parentSpanId, from, to });
    let now = from + 0.2;
    for (let query = 0; query < one.queries; query++) {
      const name = `query ${'abc'.charAt(query)}`;
      const attributes = { 'db.system.name': 'postgresql', 'db.namespace': service };
      add({
        service,
        name,
        kind: 'client',
        parentSpanId: own,
        attributes,
        from: now,
        to: now + 0.4,
      });
      now += 0.5;
    }
    for (const [i, call] of one.calls.entries()) {
      const below = `${depth}${'abc'.charAt(i)}`;
      const end = now + lengthOf(call) + 0.2;
      const name = `call ${below}`;
      const client = add({ service, name, kind: 'client', parentSpanId: own, from: now, to: end });
      visit(call, below, client, now + 0.1);
      now = end + 0.2;
    }
  };
  visit(root, 'r', null, 0);
  return spans;
}

test('a system whose requests go well has no finding', () => {
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1, maxLength: 4 }), (answers) => {
      const spans = answers.flatMap((one, i) => healthySpans(one, (i + 1).toString(16)));
      const { findings, errors } = analysisOf(spans, {
        ...OPTIONS,
        sections: ['findings', 'errors'],
      });
      expect(errors?.groups).toEqual([]);
      expect(findings?.findings.map(({ rule, title }) => `${rule}: ${title}`)).toEqual([]);
    }),
    RUNS,
  );
});
