import { expect, test } from 'vitest';
import { serviceDependencies } from '../../src/analysis/service-dependencies.ts';
import type { Trace } from '../../src/model/trace.ts';
import {
  dependenciesSection,
  dependencyTreeSection,
} from '../../src/report/dependencies-report.ts';
import { dependenciesDot, dependenciesMermaid } from '../../src/report/dependency-graph-text.ts';
import { drawnTrace } from '../helpers/drawn-trace.ts';
import { sectionLines } from '../helpers/report-text.ts';
import type { SpanParts } from '../helpers/span-of.ts';

function graphOf(trace: Trace) {
  const accumulator = serviceDependencies({ knownServices: [] });
  accumulator.add(trace);
  return accumulator.result();
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

/** A user calls web, web calls a service with an evil name, which calls a database, a queue, a host and web again. */
const GRAPH = graphOf(
  drawnTrace(
    `
    W  [--------------------)
     p  [-----------------)
      P  [---------------)
       d  [-)
       e    [-)
       x      [-)
       m        [-)
       w          [---)
        V          [-)
    `,
    {
      W: server('web'),
      p: client('web'),
      P: server('a"b\\c <i>&#1;\n|', { statusCode: 'error' }),
      d: client('a"b\\c <i>&#1;\n|', {
        attributes: { 'db.system': 'redis' },
        statusCode: 'error',
      }),
      e: client('a"b\\c <i>&#1;\n|', { attributes: { 'db.system': 'redis' } }),
      x: client('a"b\\c <i>&#1;\n|', { attributes: { 'server.address': 'api.example.com' } }),
      m: {
        service: 'a"b\\c <i>&#1;\n|',
        kind: 'producer',
        attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'jobs' },
      },
      w: { service: 'a"b\\c <i>&#1;\n|' },
      V: server('web'),
    },
  ),
);

test('DOT quotes every name, shapes nodes by type and dashes what is only inferred', () => {
  expect(dependenciesDot(GRAPH)).toBe(`digraph dependencies {
  rankdir=LR;
  "database:redis" [label="redis", shape=cylinder];
  "external:api.example.com" [label="api.example.com", shape=oval];
  "messaging:kafka/jobs" [label="kafka/jobs", shape=cds];
  "service:a\\"b\\\\c <i>&#1;␊|" [label="a\\"b\\\\c <i>&#1;␊|", shape=box];
  "service:web" [label="web", shape=box];
  "user" [label="user", shape=oval];
  "service:a\\"b\\\\c <i>&#1;␊|" -> "database:redis" [label="2 calls, 1 failed"];
  "service:a\\"b\\\\c <i>&#1;␊|" -> "external:api.example.com" [label="1 call"];
  "service:a\\"b\\\\c <i>&#1;␊|" -> "messaging:kafka/jobs" [label="1 call"];
  "service:a\\"b\\\\c <i>&#1;␊|" -> "service:web" [label="1 call", style=dashed];
  "service:web" -> "service:a\\"b\\\\c <i>&#1;␊|" [label="1 call, 1 failed"];
  "user" -> "service:web" [label="1 call"];
}
`);
});

test('Mermaid numbers its nodes and codes what would end a label', () => {
  expect(dependenciesMermaid(GRAPH)).toBe(`flowchart LR
  n0[("redis")]
  n1(["api.example.com"])
  n2>"kafka/jobs"]
  n3["a#34;b\\c #60;i#62;#38;#35;1;␊|"]
  n4["web"]
  n5(["user"])
  n3 -->|"2 calls, 1 failed"| n0
  n3 -->|"1 call"| n1
  n3 -->|"1 call"| n2
  n3 -.->|"1 call"| n4
  n4 -->|"1 call, 1 failed"| n3
  n5 -->|"1 call"| n4
`);
});

test('the tree writes the calls of a node once and marks those that close a circle', () => {
  expect(sectionLines(dependencyTreeSection(GRAPH)).slice(1)).toEqual([
    'CALLS     ERRORS     P95  CALLER, BELOW IT WHOM IT CALLS',
    '                          user',
    '    1             21.0ms  └─ web',
    '    1  1 (100 %)  18.0ms     └─ a"b\\c <i>&#1;␊|',
    '    2   1 (50 %)  2.00ms        ├─ database:redis',
    '    1             2.00ms        ├─ external:api.example.com',
    '    1             2.00ms        ├─ messaging:kafka/jobs',
    '    1             2.00ms        └─ web ↻',
    '↻ calls one of its own callers: a cycle; ↑ its calls are written above',
  ]);
});

test('the table says how deep the calls go and which nodes call each other in a circle', () => {
  expect(sectionLines(dependenciesSection(GRAPH, 10))[1]).toBe(
    '6 nodes, calls 2 deep, 1 cycle: a"b\\c <i>&#1;␊| ↔ web',
  );
});

test('without calls there is no tree', () => {
  expect(dependencyTreeSection(graphOf(drawnTrace('a [-)')))).toBeNull();
});
