import { describe, expect, test } from 'vitest';
import { callQuery } from '../../src/tui/call-query.ts';
import { callSpan, dependenciesOf } from '../helpers/dependencies-of.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { shopTrace } from '../helpers/shop-spans.ts';

/** One call each, so that what is found for one is not found for another. */
const CALLS = [
  ['client', { 'db.system.name': 'postgresql', 'db.namespace': 'orders' }],
  ['client', { 'db.system': 'postgresql', 'db.name': 'users' }],
  ['client', { 'db.system': 'redis' }],
  ['client', { 'http.host': 'api.example:8443' }],
  ['client', { 'server.address': 'other.example' }],
  ['producer', { 'messaging.system': 'kafka', 'messaging.destination.name': 'mail' }],
  ['producer', { 'messaging.destination.name': 'a/b' }],
  ['consumer', { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' }],
] as const;

const single = CALLS.map(([kind, attributes], i) => {
  const traceId = `${900 + i}`;
  return [
    callSpan(`${900 + i}`, null, 'billing', kind === 'consumer' ? 'internal' : 'server', {
      traceId,
    }),
    callSpan(`${800 + i}`, `${900 + i}`, 'billing', kind, { traceId, attributes }),
  ];
});
const traces = [...Array.from({ length: 30 }, (_, i) => shopTrace(i)), ...single];
const { nodes, edges } = dependenciesOf(traces.flat());
const source = memorySource(traces);
const nodeOf = (id: string) => {
  const node = nodes.find((each) => each.id === id);
  if (!node) throw new RangeError(`no node ${id}`);
  return node;
};
const found = async (text: string) => {
  const { traceKeys } = await source.find(text, {}, new AbortController().signal);
  return traceKeys.length;
};

describe('the traces of a call', () => {
  const calls = edges.filter(({ source: caller }) => caller !== 'user');
  test('there are calls of every type', () => {
    const types = new Set(calls.map(({ type }) => type));
    expect([...types].sort()).toEqual(['database', 'external', 'messaging', 'rpc']);
    expect(calls.filter(({ type }) => type !== 'rpc').length).toBeGreaterThanOrEqual(CALLS.length);
  });

  test.each(calls)('$source → $target: all of them, no others', async (edge) => {
    const text = callQuery(nodeOf(edge.source), nodeOf(edge.target)) ?? '';
    if (edge.type === 'rpc') expect(await found(text)).toBeGreaterThanOrEqual(edge.traces);
    else expect(await found(text), text).toBe(edge.traces);
  });

  test('what calls from outside has no spans to search for', () => {
    const entry = edges.find(({ source: caller }) => caller === 'user');
    expect(entry && callQuery(nodeOf(entry.source), nodeOf(entry.target))).toBeNull();
  });
});
