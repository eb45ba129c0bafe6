import { stringAttribute } from '../model/attributes.ts';
import type { Span, SpanEvent } from '../model/span.ts';
import { grpcStatus, httpStatus } from './attribute-concepts.ts';

const MAX_MESSAGE = 120;

/**
 * What went wrong in a span, so that equal failures get equal texts: the type of its exception (the last one recorded, which is
 * the one that left the span), else `error.type`, else `HTTP 503`, else `gRPC 14`, else the status message with everything
 * variable replaced, else `error`.
 */
export function errorSignature(span: Span): string {
  const exception = exceptions(span).at(-1);
  const type =
    (exception && stringAttribute(exception.attributes, 'exception.type')) ??
    stringAttribute(span.attributes, 'exception.type') ??
    stringAttribute(span.attributes, 'error.type');
  if (type) return type;
  const http = httpStatus(span.attributes);
  if (http !== null && http >= 400) return `HTTP ${http}`;
  const grpc = grpcStatus(span.attributes);
  if (grpc !== null && grpc > 0) return `gRPC ${grpc}`;
  return normalisedMessage(span.statusMessage) || 'error';
}

/** The same of an exception that a span recorded and lived on: its type, else its message, else `exception`. */
export function exceptionSignature({ attributes }: SpanEvent): string {
  return (
    stringAttribute(attributes, 'exception.type') ||
    normalisedMessage(stringAttribute(attributes, 'exception.message') ?? '') ||
    'exception'
  );
}

const NO_EVENTS: readonly SpanEvent[] = [];

/** The exceptions that a span recorded, in its order. */
export function exceptions(span: Span): readonly SpanEvent[] {
  if (span.events.length === 0) return NO_EVENTS;
  return span.events.filter(({ name }) => name === 'exception');
}

/**
 * Whether a span says that it was cancelled, i.e. failed because somebody stopped waiting for it: gRPC CANCELLED, HTTP 499
 * (nginx: client closed request), or "cancel" in its error type, exception or message.
 */
export function saysCancelled(span: Span): boolean {
  if (grpcStatus(span.attributes) === 1 || httpStatus(span.attributes) === 499) return true;
  const texts = [
    span.statusMessage,
    stringAttribute(span.attributes, 'error.type'),
    ...exceptions(span).flatMap(({ attributes }) => [
      stringAttribute(attributes, 'exception.type'),
      stringAttribute(attributes, 'exception.message'),
    ]),
  ];
  return texts.some((text) => text?.toLowerCase().includes('cancel'));
}

/** The parts of a message that differ between two occurrences of one failure; the order matters, the longest first. */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/"[^"]*"|'[^']*'|`[^`]*`/g, '"…"'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '<hex>'],
  [/\d+(?:[.:]\d+)*/g, '<n>'],
];

/** The first line of a message without its variable parts, at most 120 characters. */
function normalisedMessage(message: string): string {
  const [line = ''] = message.trim().split('\n', 1);
  const text = VARIABLE.reduce((rest, [pattern, name]) => rest.replace(pattern, name), line);
  const characters = Array.from(text);
  return characters.length > MAX_MESSAGE
    ? `${characters.slice(0, MAX_MESSAGE - 1).join('')}…`
    : text;
}
