import { expect, test } from 'vitest';
import { criticalPath } from '../../src/analysis/critical-path.ts';
import type { NamingRules } from '../../src/analysis/dependency-names.ts';
import { ErrorAbsorption } from '../../src/analysis/error-absorption.ts';
import { traceErrors } from '../../src/analysis/trace-errors.ts';
import type { Trace } from '../../src/model/trace.ts';
import { drawnTrace, idOf } from '../helpers/drawn-trace.ts';
import type { SpanParts } from '../helpers/span-of.ts';

const RULES: NamingRules = { knownServices: ['ledger'], caseInsensitive: false, ports: false };

function edgesOf(...traces: readonly Trace[]) {
  const absorption = new ErrorAbsorption(RULES);
  for (const trace of traces) absorption.add(traceErrors(trace, { path: criticalPath(trace) }));
  return absorption
    .result()
    .map(({ source, target, failures, handedUp, absorbed }) => [
      `${source} → ${target}`,
      failures,
      handedUp,
      absorbed,
    ]);
}

const server = (service: string, rest: SpanParts = {}): SpanParts => ({
  service,
  kind: 'server',
  ...rest,
});
const client = (service: string, rest: SpanParts = {}): SpanParts => ({
  service,
  kind: 'client',
  ...rest,
});
const failed = { statusCode: 'error' } as const;

/** web calls pay, which calls bank; who fails. */
function chain(...names: readonly string[]): Trace {
  const status = (name: string) => (names.includes(name) ? failed : {});
  return drawnTrace(
    `
    W  [--------------)
     p  [-----------)
      P  [---------)
       b  [-----)
        B  [---)
    `,
    {
      W: server('web', status('W')),
      p: client('web', status('p')),
      P: server('pay', status('P')),
      b: client('pay', status('b')),
      B: server('bank', status('B')),
    },
  );
}

test('a failure that fails everybody up to the root is handed up at every step', () => {
  expect(edgesOf(chain('W', 'p', 'P', 'b', 'B'))).toEqual([
    ['service:pay → service:bank', 1, 1, 0],
    ['service:web → service:pay', 1, 1, 0],
  ]);
});

test('a client span that failed does not hand up what the handler around it absorbs', () => {
  expect(edgesOf(chain('b', 'B'))).toEqual([['service:pay → service:bank', 1, 0, 1]]);
});

test('a failure absorbed two services up was handed up by the first and absorbed by the second', () => {
  expect(edgesOf(chain('p', 'P', 'b', 'B'))).toEqual([
    ['service:pay → service:bank', 1, 1, 0],
    ['service:web → service:pay', 1, 0, 1],
  ]);
});

test('a client span that is fine absorbs the failure of its server', () => {
  expect(edgesOf(chain('B'))).toEqual([['service:pay → service:bank', 1, 0, 1]]);
});

test('a client that gave up on a server that did not fail is a failure of that edge', () => {
  expect(edgesOf(chain('p'))).toEqual([['service:web → service:pay', 1, 0, 1]]);
});

test('failed calls without a span on the other side go to what their attributes name', () => {
  const trace = drawnTrace(
    `
    W   [---------------)
     q   [-)
     x      [-)
     l         [-)
     i             [-)
     n               [-)
    `,
    {
      W: server('web'),
      q: client('web', {
        ...failed,
        attributes: { 'db.system': 'postgresql', 'db.namespace': 'orders' },
      }),
      x: client('web', { ...failed, attributes: { 'server.address': 'api.example.com' } }),
      l: client('web', { ...failed, attributes: { 'peer.service': 'ledger' } }),
      i: { ...failed, service: 'web', kind: 'internal' },
      n: client('web', failed),
    },
  );
  expect(edgesOf(trace)).toEqual([
    ['service:web → database:postgresql/orders', 1, 0, 1],
    ['service:web → external:api.example.com', 1, 0, 1],
    ['service:web → service:ledger', 1, 0, 1],
  ]);
});

test('what happens where nobody waits reaches nobody', () => {
  const trace = drawnTrace(
    `
    W  [-----)
     m   [-)
      C     [--------)
    `,
    {
      W: server('web'),
      m: { service: 'web', kind: 'producer' },
      C: { ...failed, service: 'mail', kind: 'consumer' },
    },
  );
  expect(edgesOf(trace)).toEqual([]);
});

test('edges count failures over traces, most first, and show absorbed ones first', () => {
  const absorption = new ErrorAbsorption(RULES);
  for (const trace of [chain('W', 'p', 'P'), chain('P'), chain()]) {
    absorption.add(traceErrors(trace, { path: criticalPath(trace) }));
  }
  expect(absorption.result()).toMatchObject([
    {
      failures: 2,
      handedUp: 1,
      absorbed: 1,
      absorbedRatio: 0.5,
      traces: 2,
      exemplars: [{ spanId: idOf('P') }, { spanId: idOf('P') }],
    },
  ]);
});
