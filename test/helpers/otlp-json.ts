import { expect } from 'vitest';
import { otlpJson } from '../../src/importers/otlp/otlp-json.ts';
import { decodeText } from './decode-text.ts';

export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
export const SPAN_ID = 'b7ad6b7169203331';
export const PARENT_ID = '00f067aa0ba902b7';

export type Fields = Readonly<Record<string, unknown>>;

export function wire(fields: Fields = {}): Fields {
  return {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    name: 'GET /cart',
    startTimeUnixNano: '1736000000000000001',
    endTimeUnixNano: '1736000000000002500',
    ...fields,
  };
}

export function resource(service: string): Fields {
  return { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
}

export function batch(service: string, spans: readonly Fields[], scope = 'lib'): Fields {
  return { resource: resource(service), scopeSpans: [{ scope: { name: scope }, spans }] };
}

export function document(...spans: readonly Fields[]): Fields {
  return { resourceSpans: [batch('cart', spans)] };
}

/** The one span of a dump, and the codes of its issues. */
export function only(dump: unknown) {
  const { spans, issues } = decodeText(otlpJson, dump);
  expect(spans).toHaveLength(1);
  return { span: spans[0], codes: issues.map(({ code }) => code) };
}
