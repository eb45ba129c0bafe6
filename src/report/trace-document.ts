import type { CriticalPath } from '../analysis/critical-path.ts';
import type { UnsuppressedFindings } from '../analysis/findings/suppressed-findings.ts';
import type { SpanRank } from '../analysis/span-ranks.ts';
import type { TraceErrors } from '../analysis/trace-errors.ts';
import type { Resource, Scope, SpanEvent, SpanLink } from '../model/span.ts';
import type { Nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { attributesJson } from './attribute-json.ts';
import { criticalPathDocument } from './critical-path-document.ts';
import { traceErrorsDocument } from './errors-report.ts';
import { findingsDocument } from './findings-report.ts';
import { documentHead, type JsonDocument } from './render-json.ts';

/** Everything known of one trace. */
export interface TraceFacts {
  readonly trace: Trace;
  readonly path: CriticalPath;
  readonly errors: TraceErrors;
  /** By node index. */
  readonly selfNs: readonly Nanos[];
  /** By node index: where its duration stands among those of its operation in the store. Left out where nobody asked. */
  readonly ranks?: readonly (SpanRank | null)[];
  /** What rules find in this trace. Left out where nobody asked. */
  readonly findings?: Pick<UnsuppressedFindings, 'findings'>;
}

/** `tracecli show --json`. Spans are in tree order, depth first. */
export function traceDocument(facts: TraceFacts, version: string): JsonDocument {
  const { trace, path, errors, selfNs, ranks, findings } = facts;
  return {
    ...documentHead('show', version),
    trace: {
      traceId: trace.traceId,
      startUnixNano: trace.startUnixNano,
      durationNs: trace.durationNs,
      spans: trace.nodes.map((node) => ({
        ...spanDocument(node, selfNs[node.index] ?? null),
        rank: rankDocument(ranks?.[node.index] ?? null),
      })),
      warnings: trace.warnings.map(({ code, count, spanId }) => ({ code, count, spanId })),
    },
    criticalPath: criticalPathDocument(path, trace.startUnixNano),
    errors: traceErrorsDocument(errors),
    findings: findings ? findingsDocument(findings) : null,
  };
}

function rankDocument(rank: SpanRank | null): JsonDocument {
  return rank && { ...rank };
}

function spanDocument({ span, service, missingParent }: TraceNode, selfNs: Nanos | null) {
  const { origin } = span;
  return {
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    isOrphan: missingParent !== null,
    service,
    name: span.name,
    kind: span.kind,
    status: { code: span.statusCode, message: span.statusMessage },
    startUnixNano: span.startUnixNano,
    durationNs: span.durationNs,
    selfNs,
    attributes: attributesJson(span.attributes),
    events: span.events.map(eventDocument),
    links: span.links.map(linkDocument),
    resource: resourceDocument(span.resource),
    scope: scopeDocument(span.scope),
    traceState: span.traceState,
    flags: span.flags,
    origin: {
      format: origin.format,
      traceId: origin.traceIdRaw,
      spanId: origin.spanIdRaw,
      parentSpanId: origin.parentSpanIdRaw,
      warnings: origin.warnings,
    },
  };
}

function eventDocument({ timeUnixNano, name, attributes }: SpanEvent): JsonDocument {
  return { timeUnixNano, name, attributes: attributesJson(attributes) };
}

function linkDocument({ traceId, spanId, traceState, attributes }: SpanLink): JsonDocument {
  return { traceId, spanId, traceState, attributes: attributesJson(attributes) };
}

function resourceDocument({ attributes, schemaUrl }: Resource): JsonDocument {
  return { attributes: attributesJson(attributes), schemaUrl };
}

function scopeDocument({ name, version, attributes, schemaUrl }: Scope): JsonDocument {
  return { name, version, attributes: attributesJson(attributes), schemaUrl };
}
