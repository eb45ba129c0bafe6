import { describe, expect, test } from 'vitest';
import type { TraceSummary } from '../../src/model/trace-summary.ts';
import { TraceList } from '../../src/tui/trace-list.ts';
import type { PagePosition, TraceQuery, TraceSource } from '../../src/tui/trace-source.ts';
import { memorySource, summaryOf } from '../helpers/memory-source.ts';
import { spanOf, traceIdOf } from '../helpers/span-of.ts';

const COUNT = 1_000_000;
const QUERY: TraceQuery = { sort: 'start', descending: true, filter: {} };
const base = summaryOf([spanOf()]);

/** Row `i` of a million, made when it is asked for. */
function row(i: number): TraceSummary {
  return { ...base, spans: i, traceId: traceIdOf((i + 1).toString(16)) };
}

/** A source of a million traces that counts what is asked of it. */
class MillionTraces {
  questions = 0;
  rows = 0;
  readonly source: TraceSource = {
    ...memorySource([]),
    countTraces: () => COUNT,
    listTraces: (_, position, limit) => this.#page(position, limit),
  };

  #page(position: PagePosition, limit: number): TraceSummary[] {
    this.questions++;
    const [from, to] = this.#range(position, limit);
    const rows = Array.from({ length: Math.max(0, to - from) }, (_, i) => row(from + i));
    this.rows += rows.length;
    return rows;
  }

  #range(position: PagePosition, limit: number): [number, number] {
    switch (position.at) {
      case 'first':
        return [0, limit];
      case 'last':
        return [COUNT - limit, COUNT];
      case 'after':
        return [position.trace.spans + 1, Math.min(COUNT, position.trace.spans + 1 + limit)];
      case 'before':
        return [Math.max(0, position.trace.spans - limit), position.trace.spans];
    }
  }
}

function expectWindow(list: TraceList, from: number, rows: number): void {
  const expected = Array.from({ length: Math.min(rows, COUNT - from) }, (_, i) => from + i);
  expect(list.window(from, rows).map(({ spans }) => spans)).toEqual(expected);
}

describe('a list of a million traces', () => {
  test('the beginning, the end and the beginning again cost a question each', () => {
    const traces = new MillionTraces();
    const list = new TraceList(traces.source, QUERY);
    expectWindow(list, 0, 45);
    expectWindow(list, COUNT - 45, 45);
    expectWindow(list, 0, 45);
    expect(traces.questions).toBe(3);
  });

  test('paging down and up over the kept rows shows every row in its place', () => {
    const traces = new MillionTraces();
    const list = new TraceList(traces.source, QUERY);
    for (let top = 0; top < 12_000; top += 44) expectWindow(list, top, 45);
    for (let top = 11_990; top >= 0; top -= 44) expectWindow(list, top, 45);
    // Each row was read at most about once on each way.
    expect(traces.rows).toBeLessThan(25_000);
  });

  test('scrolling up from the end works the same way', () => {
    const list = new TraceList(new MillionTraces().source, QUERY);
    for (let top = COUNT - 45; top > COUNT - 9_000; top -= 31) expectWindow(list, top, 45);
  });

  test('one row, and one past the end', () => {
    const list = new TraceList(new MillionTraces().source, QUERY);
    expect(list.at(7)?.spans).toBe(7);
    expect(list.at(COUNT)).toBeNull();
  });
});

test('an empty list has no rows', () => {
  const list = new TraceList(memorySource([]), QUERY);
  expect(list.count).toBe(0);
  expect(list.window(0, 20)).toEqual([]);
});
