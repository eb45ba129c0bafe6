import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { type TraceErrors, traceErrors } from '../../src/analysis/trace-errors.ts';
import type { TraceNode } from '../../src/model/trace.ts';
import { drawnTrace, nameOf } from '../helpers/drawn-trace.ts';
import { largeSpans } from '../helpers/large-spans.ts';
import { messySpans, shuffledSpans } from '../helpers/messy-spans.ts';
import type { SpanParts } from '../helpers/span-of.ts';
import { type CaseSpan, caseSpans, readCases } from '../helpers/worked-case.ts';

interface ErrorCase {
  readonly name: string;
  readonly note: string;
  readonly spans: readonly CaseSpan[];
  readonly expected: {
    readonly errors: readonly string[];
    readonly origins: readonly string[];
    readonly propagated: readonly string[];
    readonly cancelled: readonly string[];
    readonly suppressedAt: readonly string[];
    readonly traceFailed: boolean;
    readonly primary: string | null;
    readonly chain: readonly string[];
  };
}

const cases = readCases<ErrorCase>('errors.json');

const name = (node: TraceNode) => nameOf(node.span.spanId);
const names = (nodes: readonly TraceNode[]) => nodes.map(name).sort((a, b) => (a < b ? -1 : 1));

function said(result: TraceErrors): ErrorCase['expected'] {
  return {
    errors: names(result.errors.map(({ node }) => node)),
    origins: names(result.origins),
    propagated: names(result.propagated),
    cancelled: names(result.cancelled),
    suppressedAt: names(result.suppressedAt),
    traceFailed: result.traceFailed,
    primary: result.primary && name(result.primary),
    chain: result.chain.map(name),
  };
}

test.each(cases.map((c) => [`${c.name}: ${c.note}`, c] as const))(
  '%s',
  (_, { spans, expected }) => {
    expect(said(traceErrors(buildTrace(caseSpans(spans)), { inferErrors: true }))).toEqual(
      expected,
    );
  },
);

test('all error cases were read', () => {
  expect(cases).toHaveLength(14);
});

test('only the status counts unless errors are to be inferred', () => {
  const notFound = cases.find((c) => c.name === 'e06-http-404');
  const trace = buildTrace(caseSpans(notFound?.spans ?? []));
  expect(traceErrors(trace).errors).toEqual([]);
  expect(traceErrors(trace, { inferErrors: true }).errors).toHaveLength(1);
});

const FAILED: SpanParts = { statusCode: 'error' };

/** `name: class, fate` of every error of a drawn trace. */
function fates(picture: string, details: Record<string, SpanParts>): string[] {
  return traceErrors(drawnTrace(picture, details)).errors.map(
    (error) =>
      `${name(error.node)}: ${error.class}, ${error.fate}` +
      (error.suppressedAt ? ` at ${name(error.suppressedAt)}` : ''),
  );
}

test('the fate of an error is that of the topmost error that it explains', () => {
  const picture = `
    R [---------------)
      a [---)
       b [-)
      c       [----)
       d       [--)
  `;
  expect(
    fates(picture, {
      R: { kind: 'server', ...FAILED },
      a: { kind: 'client' },
      b: FAILED,
      c: { kind: 'client', ...FAILED },
      d: FAILED,
    }),
  ).toEqual([
    'R: propagated, failed-trace',
    'b: origin, suppressed at a',
    'c: propagated, failed-trace',
    'd: origin, failed-trace',
  ]);
});

test('errors below a span that nobody waits for, or below another root, are never a cause', () => {
  const picture = `
    R [-------)
      w   [---------------)
        x   [----)
    Q              [--)
  `;
  expect(fates(picture, { R: FAILED, w: {}, x: FAILED, Q: FAILED })).toEqual([
    'R: origin, failed-trace',
    'x: origin, background',
    'Q: origin, unseen',
  ]);
});

test('a server cancelled shortly after its client gave up does not explain the client', () => {
  const picture = `
    C [-------------------)
      S [------------------)
  `;
  const details = {
    C: { kind: 'client', service: 'web', ...FAILED },
    S: { kind: 'server', service: 'api', ...FAILED, statusMessage: 'Request was cancelled' },
  } as const;
  expect(fates(picture, details)).toEqual(['C: origin, failed-trace', 'S: cancelled, unseen']);
});

test('an error under an internal span of another service is suppressed there', () => {
  const picture = `
    R [-------------)
      I [---------)
       e [----)
  `;
  expect(
    fates(picture, {
      R: { service: 'web', kind: 'server', ...FAILED },
      I: { service: 'lib' },
      e: { service: 'lib', ...FAILED },
    }),
  ).toEqual(['R: origin, failed-trace', 'e: origin, suppressed at I']);
});

test('every error has one class; the chain leads from the root to an origin', () => {
  fc.assert(
    fc.property(messySpans, fc.boolean(), (spans, inferErrors) => {
      const trace = buildTrace(spans);
      const result = traceErrors(trace, { inferErrors });
      const { origins, propagated, cancelled, errors, chain } = result;
      expect(origins.length + propagated.length + cancelled.length).toBe(errors.length);
      expect(result.traceFailed).toBe(chain.length > 0);
      if (chain.length > 0) expect(origins).toContain(chain.at(-1));
      for (const { explains, class: kind } of errors) {
        if (explains) expect(propagated).toContain(explains);
        if (kind === 'cancelled') expect(explains).toBeNull();
      }
      for (const absorber of result.suppressedAt) {
        expect(errors.map(({ node }) => node)).not.toContain(absorber);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('the errors do not depend on the order of the spans', () => {
  fc.assert(
    fc.property(shuffledSpans, ([spans, shuffled]) => {
      expect(said(traceErrors(buildTrace(shuffled)))).toEqual(said(traceErrors(buildTrace(spans))));
    }),
    { numRuns: 1_000 },
  );
});

test('100,000 failed spans under each other have one origin', () => {
  const spans = largeSpans('each inside the one before', 100_000).map((span) => ({
    ...span,
    statusCode: 'error' as const,
  }));
  const result = traceErrors(buildTrace(spans));
  expect(result.origins).toHaveLength(1);
  expect(result.chain).toHaveLength(100_000);
});
