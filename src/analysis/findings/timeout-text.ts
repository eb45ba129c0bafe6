import { stringAttribute } from '../../model/attributes.ts';
import type { Span } from '../../model/span.ts';
import { grpcStatus } from '../attribute-concepts.ts';
import { exceptions } from '../error-signature.ts';

const TIMEOUT = /deadline|timed?[ _-]?out|ETIMEDOUT|context cancell?ed/i;
const DEADLINE_EXCEEDED = 4;

/** Whether a span says that time ran out: in its status message, error type or exceptions, or by gRPC's DEADLINE_EXCEEDED. */
export function saysTimeout(span: Span): boolean {
  if (TIMEOUT.test(span.statusMessage)) return true;
  const places = [span, ...exceptions(span)];
  const keys = ['error.type', 'exception.type', 'exception.message'];
  const isSaid = places.some(({ attributes }) =>
    keys.some((key) => TIMEOUT.test(stringAttribute(attributes, key) ?? '')),
  );
  return isSaid || grpcStatus(span.attributes) === DEADLINE_EXCEEDED;
}
