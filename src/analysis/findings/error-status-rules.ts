import { stringAttribute } from '../../model/attributes.ts';
import type { Span, SpanEvent } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { grpcStatus, httpStatus } from '../attribute-concepts.ts';
import { exceptions } from '../error-signature.ts';
import { SIGN } from './attribute-signs.ts';
import type { Severity } from './finding.ts';
import { type FindingRule, traceRule } from './finding-rule.ts';
import { operationFindings } from './operation-findings.ts';
import type { TraceContext } from './trace-context.ts';

/** A mismatch between a span's status and what else it says. */
interface StatusMismatch {
  readonly name: string;
  readonly advice: string;
  readonly severity: Severity;
  readonly title: string;
  readonly isSeen: (node: TraceNode, context: TraceContext) => boolean;
}

const MISMATCHES: readonly StatusMismatch[] = [
  {
    name: 'exception-not-error',
    advice:
      'Set the status to ERROR where the exception made the operation fail; where it was handled, record it as a log instead.',
    severity: 'low',
    title: 'recorded an exception, but is not an error',
    isSeen: (node, context) =>
      node.span.statusCode === 'unset' &&
      (node.span.events.some(isException) || (context.signsOf(node) & SIGN.exceptionType) !== 0),
  },
  {
    name: 'ok-but-failed',
    advice:
      'Do not set the status to OK before the operation is over: an exception left this span.',
    severity: 'medium',
    title: 'has the status OK, but an exception left it',
    isSeen: ({ span }) =>
      span.statusCode === 'ok' && span.events.length > 0 && exceptions(span).some(isEscaped),
  },
  {
    name: 'error-without-detail',
    advice:
      'Set a status message, record the exception or set error.type, so that failures can be told apart.',
    severity: 'info',
    title: 'failed without saying why',
    isSeen: ({ span }) => span.statusCode === 'error' && !hasDetail(span),
  },
  {
    name: 'http5xx-not-error',
    advice:
      'Set the status to ERROR for HTTP 5xx, as the semantic conventions ask: error rates miss these calls.',
    severity: 'medium',
    title: 'answered with HTTP 5xx, but is not an error',
    isSeen: (node, context) =>
      node.span.statusCode === 'unset' && context.httpStatusOf(node) >= 500,
  },
  {
    name: 'http4xx-on-client',
    advice:
      'Set the status of clients to ERROR for HTTP 4xx, as the semantic conventions ask, unless it is expected.',
    severity: 'info',
    title: 'was answered with HTTP 4xx, but is not an error',
    isSeen: (node, context) => {
      if (node.span.kind !== 'client' || node.span.statusCode !== 'unset') return false;
      const status = context.httpStatusOf(node);
      return status >= 400 && status < 500;
    },
  },
];

/** One rule for each way in which a status contradicts its span. */
export const errorStatusRules: readonly FindingRule[] = MISMATCHES.map(
  ({ name, advice, severity, title, isSeen }) =>
    traceRule({
      name,
      advice: { [name]: advice },
      params: {},
      inspect: (context) =>
        operationFindings(
          context.trace.nodes.filter((node) => isSeen(node, context)),
          (_, { span }) => ({
            rule: name,
            severity,
            confidence: 0.9,
            title,
            impactNs: nanos(0),
            evidence: {
              statusCode: span.statusCode,
              httpStatus: httpStatus(span.attributes),
              exceptionType: exceptionType(span),
            },
            signatures: [],
          }),
        ),
    }),
);

function isException({ name }: SpanEvent): boolean {
  return name === 'exception';
}

function exceptionType({ attributes, events }: Span): string | null {
  const types = [attributes, ...events.filter(isException).map((event) => event.attributes)];
  const type = types.map((all) => stringAttribute(all, 'exception.type'));
  return type.find((text) => text !== null) ?? null;
}

function isEscaped({ attributes }: SpanEvent): boolean {
  const escaped = attributes.get('exception.escaped');
  return escaped === true || escaped === 'true';
}

/** Whether a failed span tells anything about its failure. */
function hasDetail(span: Span): boolean {
  const { attributes, events, statusMessage } = span;
  return (
    statusMessage !== '' ||
    events.some(isException) ||
    attributes.has('error.type') ||
    attributes.has('exception.type') ||
    httpStatus(attributes) !== null ||
    grpcStatus(attributes) !== null
  );
}
