import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { type CriticalPath, criticalPath } from '../../src/analysis/critical-path.ts';
import { potentialSaving } from '../../src/analysis/critical-path-saving.ts';
import type { TraceNode } from '../../src/model/trace.ts';
import { corpusTest } from '../helpers/corpus.ts';
import { nameOf } from '../helpers/drawn-trace.ts';
import { largeSpans } from '../helpers/large-spans.ts';
import { messySpans } from '../helpers/messy-spans.ts';
import { jaegerTraces, readPathReference } from '../helpers/reference-traces.ts';
import { type CaseSpan, caseSpans, readCases } from '../helpers/worked-case.ts';

interface WhatIfCase {
  readonly name: string;
  readonly spans: readonly CaseSpan[];
  readonly whatIf?: readonly {
    readonly spans: readonly string[];
    readonly factor: number;
    readonly saving: number;
  }[];
}

/** The factor for the chosen spans; the others stay as they are. */
function scaling(isChosen: (node: TraceNode) => boolean, factor: number) {
  return (node: TraceNode | null) => (node && isChosen(node) ? factor : 1);
}

const whatIfs = readCases<WhatIfCase>('critical-path.json').flatMap(
  ({ name, spans, whatIf = [] }) => whatIf.map((change) => ({ name, trace: spans, ...change })),
);

test.each(whatIfs)('$name: $spans at $factor saves $saving', ({ trace, spans, factor, saving }) => {
  const path = criticalPath(buildTrace(caseSpans(trace)));
  const chosen = scaling(({ span }) => spans.includes(nameOf(span.spanId)), factor);
  expect(potentialSaving(path, chosen).replayNs / 1000).toBe(saving);
});

test('all what-ifs were read', () => {
  expect(whatIfs).toHaveLength(7);
});

test('two siblings that overlap a little stay one after the other when their parent gets faster', () => {
  const overlapping = readCases<WhatIfCase>('critical-path.json').find(({ name }) =>
    name.startsWith('53'),
  );
  const path = criticalPath(buildTrace(caseSpans(overlapping?.spans ?? [])));
  const saving = potentialSaving(
    path,
    scaling(({ span }) => nameOf(span.spanId) === 'R', 0),
  );
  expect(saving).toEqual({ replayNs: 701_000, exclusiveNs: 701_000 });
});

test('a change saves no more than the own time of what is changed, and nothing when nothing changes', () => {
  fc.assert(
    fc.property(
      messySpans,
      fc.constantFrom('a', 'b', 'c'),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (spans, service, factor) => {
        const path = criticalPath(buildTrace(spans));
        const { replayNs, exclusiveNs } = potentialSaving(
          path,
          scaling((node) => node.service === service, factor),
        );
        expect(replayNs).toBeGreaterThanOrEqual(0);
        expect(replayNs).toBeLessThanOrEqual(exclusiveNs);
        expect(potentialSaving(path, () => 1)).toEqual({ replayNs: 0, exclusiveNs: 0 });
        const length = path.endNs - path.startNs;
        expect(potentialSaving(path, () => 0)).toEqual({ replayNs: length, exclusiveNs: length });
      },
    ),
    { numRuns: 2_000 },
  );
});

interface WhatIfReference {
  readonly whatIfService: Readonly<Record<string, { removed: number; halved: number }>>;
}

corpusTest.each(['traceweaver_node_1', 'traceweaver_hotel_load100'])(
  '%s: what removing and halving a service saves in all traces equals the reference',
  (stem) => {
    const traces = jaegerTraces(readPathReference(`${stem}.json`));
    const { whatIfService } = readPathReference<WhatIfReference>(`agg_${stem}.json`);
    const paths = traces.map((trace) => criticalPath(trace));
    const saved = (service: string, factor: number) =>
      sumOf(paths, (path) => {
        const chosen = scaling((node) => node.service === service, factor);
        return potentialSaving(path, chosen).replayNs / 1000;
      });
    const services = Object.keys(whatIfService);
    expect(services).toHaveLength(5);
    expect(
      Object.fromEntries(
        services.map((service) => [
          service,
          { removed: saved(service, 0), halved: saved(service, 0.5) },
        ]),
      ),
    ).toEqual(whatIfService);
  },
);

function sumOf(paths: readonly CriticalPath[], value: (path: CriticalPath) => number): number {
  return paths.reduce((sum, path) => sum + value(path), 0);
}

test.each(['one after the other below one parent', 'each started by one that has ended'] as const)(
  'all time of 100,000 spans can be saved: %s',
  (shape) => {
    const path = criticalPath(buildTrace(largeSpans(shape, 100_000)));
    expect(potentialSaving(path, () => 0).replayNs).toBe(path.endNs - path.startNs);
  },
);
