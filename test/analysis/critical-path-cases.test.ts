import { describe, expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { criticalPath, type RootPath } from '../../src/analysis/critical-path.ts';
import type { TraceNode } from '../../src/model/trace.ts';
import { nameOf } from '../helpers/drawn-trace.ts';
import { type CaseSpan, caseSpans, caseZero, readCases } from '../helpers/worked-case.ts';

interface Section {
  readonly spanId: string;
  readonly start: number;
  readonly end: number;
}

interface PathCase {
  readonly name: string;
  readonly note: string;
  readonly spans: readonly CaseSpan[];
  readonly root: string;
  readonly expected: readonly Section[];
  readonly detached?: readonly string[];
  readonly asynchronous?: readonly string[];
  readonly outside?: readonly string[];
  readonly shifted?: Readonly<Record<string, number>>;
  readonly otherRoots?: readonly { readonly root: string; readonly sections: readonly Section[] }[];
  readonly options?: { readonly overlap_tol?: boolean };
}

const cases = readCases<PathCase>('critical-path.json');

const nameOfNode = (node: TraceNode | null, id: string) =>
  node ? nameOf(node.span.spanId) : `missing:${nameOf(id)}`;

describe.each(cases.map((c) => [`${c.name}: ${c.note}`, c] as const))('%s', (_, worked) => {
  const trace = buildTrace(caseSpans(worked.spans));
  const zero = caseZero(worked.spans);
  const path = criticalPath(trace, { overlapTolerance: worked.options?.overlap_tol ?? true });
  const sectionsOf = (of: RootPath): Section[] =>
    of.sections.map(({ node, spanId, startNs, endNs }) => ({
      spanId: nameOfNode(node, spanId),
      start: startNs / 1000 + zero,
      end: endNs / 1000 + zero,
    }));
  const names = (nodes: readonly TraceNode[]) =>
    nodes.map(({ span }) => nameOf(span.spanId)).sort();

  test('sections', () => {
    expect(nameOfNode(path.root, path.rootId)).toBe(worked.root);
    expect(sectionsOf(path)).toEqual(worked.expected);
  });

  test('spans off the path, shifted clocks and other roots', () => {
    const actual = {
      detached: names(path.detached),
      asynchronous: names(path.asynchronous),
      outside: names(path.outside),
      shifted: Object.fromEntries(
        path.shifts.map(({ node, shiftNs }) => [nameOf(node.span.spanId), shiftNs / 1000]),
      ),
      otherRoots: path.otherRoots.map((other) => ({
        root: nameOfNode(other.root, other.rootId),
        sections: sectionsOf(other),
      })),
    };
    const { detached, asynchronous, outside, shifted, otherRoots } = { ...actual, ...worked };
    expect(actual).toEqual({ detached, asynchronous, outside, shifted, otherRoots });
  });
});

test('all worked cases were read', () => {
  expect(cases).toHaveLength(53);
});
