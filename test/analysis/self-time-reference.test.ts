import path from 'node:path';
import { describe, expect } from 'vitest';
import { selfTimes } from '../../src/analysis/self-time.ts';
import type { TraceNode } from '../../src/model/trace.ts';
import { CORPUS, corpusTest } from '../helpers/corpus.ts';
import { readDump } from '../helpers/read-dump.ts';
import { tracesOf } from '../helpers/traces-of.ts';

/** Self times in milliseconds with two decimals, summed over the spans that `chosen` takes. */
async function selfMs(name: string, chosen: (node: TraceNode) => boolean): Promise<number> {
  const spans = await readDump(
    path.join(CORPUS ?? '', 'traces/jaeger', `jaegertracing_jaeger-ui__stats-${name}.json`),
  );
  const selfNs = tracesOf(spans).flatMap((trace) => {
    const self = selfTimes(trace);
    return trace.nodes.filter(chosen).map(({ index }) => self[index] ?? Number.NaN);
  });
  expect(selfNs.length).toBeGreaterThan(0);
  return Math.round(selfNs.reduce((sum, ns) => sum + ns, 0) / 10_000) / 100;
}

const service = (name: string) => (node: TraceNode) => node.service === name;
const operation = (serviceName: string, name: string) => (node: TraceNode) =>
  node.service === serviceName && node.span.name === name;

describe("the Jaeger UI's own expectations of its statistics table", () => {
  corpusTest.each<[string, (node: TraceNode) => boolean, number]>([
    ['testTraceNormal', service('api-gateway'), 3.16],
    ['testTraceNormal', service('customers-service'), 1.74],
    ['testTraceNormal', operation('api-gateway', 'GET /api/customer/owners/8/pets/10'), 2.4],
    ['testTraceNormal', operation('api-gateway', 'GET /owners/8/pets/10'), 0.76],
    ['testTraceNormal', operation('customers-service', 'GET /owners/8/pets/10'), 1.67],
    ['spansAmongEachOther', operation('customers-service', 'GET /owners'), 1.67],
    ['spansAmongEachOtherGrouped', operation('customers-service', 'GET /owners'), 1.63],
    ['spanLongerAsParent', operation('api-gateway', 'GET /owners/8/pets/10'), 1.22],
    ['traceWithOverlappingChildrenLongerThanParent', service('service-one'), 0.03],
    ['traceWithTwoNonOverlappingChildren', service('service-one'), 0.03],
    ['traceWithOverlappingChildren', service('service-one'), 0],
    ['traceWithThreeShortChildren', service('service-one'), 0.01],
    ['traceWithTwoChildrenStartedAtTraceStart', service('service-one'), 0],
  ])('%s', async (name, chosen, expected) => {
    expect(await selfMs(name, chosen)).toBe(expected);
  });
});
