import { expect, test } from 'vitest';
import { failedTraces, tracesFrom, tracesWith } from '../../src/analysis/trace-selections.ts';
import { nanos } from '../../src/model/time.ts';
import type { Trace } from '../../src/model/trace.ts';
import { resourceOf, type SpanParts, spanOf } from '../helpers/span-of.ts';
import { tracesOf } from '../helpers/traces-of.ts';

function traceOf(...parts: SpanParts[]): Trace {
  const [trace] = tracesOf(
    parts.map((part, i) =>
      spanOf({ spanId: String(i + 1), parentSpanId: i === 0 ? null : '1', ...part }),
    ),
  );
  if (trace === undefined) throw new RangeError('no trace');
  return trace;
}

test('a trace failed when its root did', () => {
  const failed = failedTraces(false);
  expect(failed.isSelected?.(traceOf({ statusCode: 'error' }))).toBe(true);
  expect(failed.isSelected?.(traceOf({}, { statusCode: 'error' }))).toBe(false);
  const http = traceOf({ kind: 'server', attributes: { 'http.response.status_code': 500n } });
  expect(failed.isSelected?.(http)).toBe(false);
  expect(failedTraces(true).isSelected?.(http)).toBe(true);
  expect(failed.name).toBe('failed');
});

test.each([
  ['error', true],
  ['error.type', true],
  ['exception.message', true],
  ['otel.status_description', true],
  ['http.status_code', true],
  ['http.response.status_code', true],
  ['rpc.grpc.status_code', true],
  ['http.route', false],
  ['errors.budget', false],
  ['country.code', false],
])('%s restates a failure: %s', (key, restates) => {
  expect(failedTraces(false).isConsequence?.(key)).toBe(restates);
});

test('traces by duration, by an attribute of a span or resource', () => {
  const long = traceOf({ durationNs: 500 }, { attributes: { tenant: 'a', size: 3n } });
  const other = traceOf({ durationNs: 499, resource: resourceOf('web', { zone: 'z1' }) });
  const selected = [
    tracesFrom(nanos(500), '≥ 500ns'),
    tracesWith('tenant', 'a'),
    tracesWith('size', '3'),
    tracesWith('zone', 'z1'),
  ].map((selection) => [
    selection.name,
    selection.isSelected?.(long),
    selection.isSelected?.(other),
  ]);
  expect(selected).toEqual([
    ['≥ 500ns', true, false],
    ['tenant=a', true, false],
    ['size=3', true, false],
    ['zone=z1', false, true],
  ]);
  expect(tracesWith('tenant', 'a').isConsequence?.('tenant')).toBe(true);
});
