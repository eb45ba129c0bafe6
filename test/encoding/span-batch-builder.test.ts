import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BatchColumns, joinColumns } from '../../src/encoding/batch-columns.ts';
import { UINT32, UINT32_PER_ROW } from '../../src/encoding/span-batch.ts';
import { SpanBatchBuilder } from '../../src/encoding/span-batch-builder.ts';
import { NOTHING_DROPPED, type Span } from '../../src/model/span.ts';
import { anySpan } from '../helpers/any-span.ts';
import { rowsOf } from '../helpers/batch-rows.ts';

/** The columns of spans of one source, as if they came from elsewhere: with indexes of `builder`, but not its rows. */
function columnsFor(builder: SpanBatchBuilder, spans: readonly Span[]): BatchColumns {
  const other = new SpanBatchBuilder();
  for (const span of spans) other.add(span);
  const {
    traces,
    names,
    sources,
    resources: _resources,
    scopes: _scopes,
    ...columns
  } = other.take();
  // The builder puts the rare fields into the hashes itself.
  const bare = new SpanBatchBuilder();
  for (const span of spans) bare.add(withoutRareFields(span));
  spans.forEach((span, row) => {
    const at = row * UINT32_PER_ROW;
    const { uint32 } = columns;
    const trace = traces[uint32[at + UINT32.trace] ?? 0];
    if (trace === undefined) throw new RangeError('a row without a trace');
    uint32[at + UINT32.trace] = builder.trace(trace.id, trace.raw);
    uint32[at + UINT32.name] = builder.name(names[uint32[at + UINT32.name] ?? 0] ?? '');
    uint32[at + UINT32.source] = builder.source(sources[uint32[at + UINT32.source] ?? 0] ?? '');
    uint32[at + UINT32.resource] = builder.resources.slotOf(span.resource);
    uint32[at + UINT32.scope] = builder.scopes.slotOf(span.scope);
  });
  return { ...columns, hashes: bare.take().hashes, rare: new Map(columns.rare) };
}

function withoutRareFields(span: Span): Span {
  const origin = { ...span.origin, shared: false, debug: false, warnings: [] };
  return { ...span, statusMessage: '', traceState: '', dropped: NOTHING_DROPPED, origin };
}

test('a batch is the same whether its rows came as objects, as columns, or both', () => {
  const parts = fc.array(fc.record({ isColumns: fc.boolean(), spans: fc.array(anySpan) }));
  fc.assert(
    fc.property(parts, (all) => {
      const plain = new SpanBatchBuilder();
      const mixed = new SpanBatchBuilder();
      for (const { isColumns, spans } of all) {
        for (const span of spans) plain.add(span);
        if (isColumns) mixed.append(columnsFor(mixed, spans));
        else for (const span of spans) mixed.add(span);
      }
      expect([mixed.length, mixed.textBytes]).toEqual([plain.length, plain.textBytes]);
      expect(rowsOf([mixed.take()])).toEqual(rowsOf([plain.take()]));
    }),
  );
});

test('warnings that come late are those of the rows that were held', () => {
  fc.assert(
    fc.property(fc.array(anySpan, { maxLength: 3 }), fc.array(anySpan), (before, held) => {
      const plain = new SpanBatchBuilder();
      const late = new SpanBatchBuilder();
      for (const span of before) plain.add(span);
      for (const span of held) {
        const warnings = [...span.origin.warnings, 'w1', 'w2'];
        plain.add({ ...span, origin: { ...span.origin, warnings } });
      }
      late.append(columnsFor(late, before));
      late.hold();
      late.append(columnsFor(late, held));
      expect(late.isPending).toBe(true);
      late.release(['w1', 'w2']);
      expect(rowsOf([late.take()])).toEqual(rowsOf([plain.take()]));
    }),
  );
});

test('the rows of a source count, and come with the batch', () => {
  const [span] = fc.sample(anySpan, { numRuns: 1, seed: 1 });
  if (span === undefined) throw new RangeError('no span');
  const builder = new SpanBatchBuilder();
  builder.readFrom({
    length: 5,
    textBytes: 100,
    handOver: () =>
      builder.append(
        columnsFor(
          builder,
          Array.from({ length: 5 }, () => span),
        ),
      ),
  });
  builder.add(span);
  expect(builder.length).toBe(6);
  expect(builder.textBytes).toBeGreaterThan(100);
  const batch = builder.take();
  expect(batch.length).toBe(6);
  expect(new Set(rowsOf([batch])).size).toBe(1);
});

test('columns of one part are not copied', () => {
  const builder = new SpanBatchBuilder();
  const part = columnsFor(builder, fc.sample(anySpan, { numRuns: 3, seed: 2 }));
  expect(joinColumns([part])).toBe(part);
});

describe('a batch is closed when it is full', () => {
  const spans = fc.sample(anySpan, { numRuns: 10, seed: 3 });

  test.each([
    ['by its rows', { rows: 4, textBytes: Number.POSITIVE_INFINITY }, [4, 4]],
    ['by its text', { rows: Number.POSITIVE_INFINITY, textBytes: 1 }, null],
  ])('%s', (_by, limits, lengths) => {
    const builder = new SpanBatchBuilder(limits);
    const closed: number[] = [];
    for (const span of spans) {
      builder.add(span);
      builder.closeIfFull();
      for (let batch = builder.nextClosed(); batch !== null; batch = builder.nextClosed()) {
        closed.push(batch.length);
      }
    }
    if (lengths !== null) expect(closed).toEqual(lengths);
    expect(closed.length).toBeGreaterThan(1);
    const rest = builder.length;
    expect(closed.reduce((sum, length) => sum + length, rest)).toBe(spans.length);
  });

  test('but not while the resource of a span is not known', () => {
    const [span] = spans;
    if (span === undefined) throw new RangeError('no span');
    const builder = new SpanBatchBuilder({ rows: 1, textBytes: 1 });
    const slot = builder.resources.reserve();
    const columns = columnsFor(builder, [span]);
    columns.uint32[UINT32.resource] = slot;
    builder.append(columns);
    builder.closeIfFull();
    expect(builder.nextClosed()).toBeNull();
    expect(() => builder.take()).toThrow('a span without its resource or scope');
    builder.resources.fill(slot, span.resource);
    builder.closeIfFull();
    const plain = new SpanBatchBuilder();
    plain.add(span);
    const batch = builder.nextClosed();
    expect(batch === null ? [] : rowsOf([batch])).toEqual(rowsOf([plain.take()]));
  });
});
