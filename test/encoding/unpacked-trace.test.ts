import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { derivedSpan } from '../../src/analysis/derived-span.ts';
import { packTrace } from '../../src/encoding/packed-trace.ts';
import { UnpackedTrace } from '../../src/encoding/unpacked-trace.ts';
import type { Span } from '../../src/model/span.ts';
import type { Trace, TraceNode } from '../../src/model/trace.ts';
import { anySpan } from '../helpers/any-span.ts';
import { largeSpans } from '../helpers/large-spans.ts';
import { messySpans } from '../helpers/messy-spans.ts';

/** A trace without references between its nodes, which never end. */
function plain({ traceId, startUnixNano, durationNs, nodes, roots, warnings }: Trace) {
  const numbers = (some: readonly TraceNode[]) => some.map(({ index }) => index);
  return {
    traceId,
    startUnixNano,
    durationNs,
    warnings,
    roots: numbers(roots),
    nodes: nodes.map((node) => ({
      index: node.index,
      service: node.service,
      depth: node.depth,
      startNs: node.startNs,
      endNs: node.endNs,
      relation: node.relation,
      parent: node.parent?.index ?? null,
      children: numbers(node.children),
      missingParent: node.missingParent,
      span: derivedSpan(node.span, {}),
    })),
  };
}

const through = (trace: Trace) => new UnpackedTrace(structuredClone(packTrace(trace)));

test('a tree of any shape comes back as it was', () => {
  fc.assert(
    fc.property(messySpans, (spans) => {
      const trace = buildTrace(spans);
      expect(plain(through(trace))).toEqual(plain(trace));
    }),
  );
});

test('any span comes back as it was', () => {
  fc.assert(
    fc.property(anySpan, (span: Span) => {
      const trace = buildTrace([span]);
      expect(plain(through(trace))).toEqual(plain(trace));
    }),
  );
});

test('a node is the same object from wherever one comes to it', () => {
  fc.assert(
    fc.property(messySpans, (spans) => {
      const { nodes, roots } = through(buildTrace(spans));
      for (const node of nodes) {
        const beside = node.parent?.children ?? roots;
        expect(beside.filter((other) => other === node)).toHaveLength(1);
      }
    }),
  );
});

test('a chain of 100,000 spans has no recursion, and its nodes one child each', () => {
  const { nodes } = through(buildTrace(largeSpans('each inside the one before', 100_000)));
  expect(nodes.every(({ children, depth, index }) => depth === index && children.length < 2)).toBe(
    true,
  );
});
