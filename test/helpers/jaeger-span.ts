import { jaegerJson } from '../../src/importers/jaeger/jaeger-json.ts';
import type { TraceFormat } from '../../src/importers/trace-format.ts';
import type { Span } from '../../src/model/span.ts';
import { decodeText } from './decode-text.ts';

/** A plain span of Jaeger's query API, with its process inline so that it is a dump on its own. */
export const PLAIN = {
  traceID: '0af7651916cd43dd8448eb211c80319c',
  spanID: 'b7ad6b7169203331',
  operationName: 'op',
  startTime: 1_700_000_000_000_001,
  duration: 1500,
  process: { serviceName: 'svc' },
};

/** Key, type (left out when undefined), value. */
export type Tag = readonly [key: string, type: string | undefined, value: unknown];

/** Tags as Jaeger writes them. */
export function tagsOf(tags: readonly Tag[]): object[] {
  return tags.map(([key, type, value]) => ({ key, type, value }));
}

/** What becomes of the plain span with other `fields`. */
export function spanWith(fields: object): Span {
  return onlySpan(jaegerJson, [{ ...PLAIN, ...fields }]);
}

/** What becomes of the plain span with tags. */
export function spanWithTags(...tags: Tag[]): Span {
  return spanWith({ tags: tagsOf(tags) });
}

/** Codes of the issues that the plain span with other `fields` has. */
export function issuesOf(fields: object): string[] {
  return decodeText(jaegerJson, [{ ...PLAIN, ...fields }]).issues.map(({ code }) => code);
}

/** The only span of a dump. */
export function onlySpan(format: TraceFormat, dump: unknown): Span {
  const { spans } = decodeText(format, dump);
  const [span] = spans;
  if (span === undefined || spans.length > 1) throw new Error(`${spans.length} spans, expected 1`);
  return span;
}
