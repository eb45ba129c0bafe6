import { stringAttribute } from '../../model/attributes.ts';
import type { Span } from '../../model/span.ts';
import { grpcStatus } from '../attribute-concepts.ts';

const TIMEOUT = /deadline|timed?[ _-]?out|ETIMEDOUT|context cancell?ed/i;
const DEADLINE_EXCEEDED = 4;

/** What fields that hold a text about a failure are called, by OpenTelemetry and by OpenTracing's logs. */
const TEXT_KEYS = ['error.type', 'exception.type', 'exception.message', 'message', 'error.object'];

/**
 * Whether a span says that time ran out: in its status message, error type, exceptions or other events (OpenTracing has no
 * messages, so that programs log `redis timeout`), or by gRPC's DEADLINE_EXCEEDED.
 */
export function saysTimeout(span: Span): boolean {
  if (TIMEOUT.test(span.statusMessage)) return true;
  if (span.events.some(({ name }) => TIMEOUT.test(name))) return true;
  const isSaid = [span, ...span.events].some(({ attributes }) =>
    TEXT_KEYS.some((key) => TIMEOUT.test(stringAttribute(attributes, key) ?? '')),
  );
  return isSaid || grpcStatus(span.attributes) === DEADLINE_EXCEEDED;
}
