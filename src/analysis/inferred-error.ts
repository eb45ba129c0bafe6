import type { AttributeValue } from '../model/attributes.ts';
import type { Span } from '../model/span.ts';
import { grpcStatus, httpStatus, STATUS_KEYS } from './attribute-concepts.ts';
import { exceptions } from './error-signature.ts';
import { haveAny } from './shape-facts.ts';

/**
 * Whether a span whose status is unset failed by what else it says: a truthy `error` attribute; an HTTP status from 500, for a
 * client from 400; a gRPC status that is an error on its side of the call; an exception that left the span. OpenTelemetry's
 * conventions ask instrumentations to set the status in these cases; some do not. A span with a status is never inferred.
 */
export function isInferredError(span: Span): boolean {
  if (span.statusCode !== 'unset') return false;
  if (span.events.length === 0 && !mayTell(span.attributes)) return false;
  if (isTruthy(span.attributes.get('error'))) return true;
  const http = httpStatus(span.attributes);
  if (http !== null && http >= (span.kind === 'client' ? 400 : 500)) return true;
  const grpc = grpcStatus(span.attributes);
  if (grpc !== null && isGrpcError(grpc, span)) return true;
  return exceptions(span).some(({ attributes }) => {
    const escaped = attributes.get('exception.escaped');
    return escaped === true || escaped === 'true';
  });
}

const mayTell = haveAny(['error', ...STATUS_KEYS]);

/** Texts of an `error` tag that say that there was none. */
const NO_ERROR = new Set(['', 'false', '0', 'no', 'none', 'null']);

function isTruthy(value: AttributeValue | undefined): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return !NO_ERROR.has(value.toLowerCase());
  if (typeof value === 'bigint') return value !== 0n;
  return typeof value === 'number' && value !== 0;
}

/** UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS: what the semantic conventions call a server's fault. */
const SERVER_ERRORS = new Set([2, 4, 12, 13, 14, 15]);

function isGrpcError(code: number, { kind }: Span): boolean {
  if (kind === 'client') return code !== 0;
  return kind === 'server' && SERVER_ERRORS.has(code);
}
