import type { Span } from '../model/span.ts';
import { TIME_FLAGS } from '../model/span.ts';
import type { Nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import type { Scope } from './check.ts';
import type { TraceView } from './trace-view.ts';

/** A span or a call that a scope holds. */
export interface ScopedItem {
  /** Null for a call. */
  readonly node: TraceNode | null;
  /** The span to look at. */
  readonly span: Span;
  /** Null when it is not known. */
  readonly durationNs: Nanos | null;
  readonly isError: boolean;
}

/** The spans of a trace that a query selects, in tree order. */
export type SpanSelector = (trace: Trace) => readonly TraceNode[];

/** What becomes of a trace in a pipeline. */
export interface PipelineOutcome {
  /** Whether it lets through whatever it selects before it counts or compares; of a trace with nothing of the kind, whether nothing would do. */
  readonly keepsAll: boolean;
  /** Whether it lets anything through. */
  readonly keepsAny: boolean;
}

/** Turns the texts of queries into functions. Both throw a usage error for one that cannot be read. */
export interface CompileQueries {
  readonly spans: (text: string) => SpanSelector;
  readonly trace: (text: string) => (trace: Trace) => PipelineOutcome;
}

/** What a scope holds of each trace. */
export type ScopeReader = (view: TraceView) => readonly ScopedItem[];

export function scopeReader(scope: Scope, compile: CompileQueries): ScopeReader {
  switch (scope.kind) {
    case 'requests':
    case 'traces':
      return ({ request }) => (request === null ? [] : [itemOf(request)]);
    case 'service':
      return serviceReader(scope.service, scope.name);
    case 'edge':
      return edgeReader(scope.source, scope.target);
    case 'query': {
      const select = compile.spans(scope.text);
      return ({ trace }) => select(trace).map(itemOf);
    }
  }
}

function serviceReader(servicePattern: string, namePattern: string | null): ScopeReader {
  const isService = matcher(servicePattern);
  const isWanted = namePattern === null ? isEntry : nameMatcher(namePattern);
  return ({ trace }) =>
    trace.nodes.filter((node) => isService(node.service) && isWanted(node)).map(itemOf);
}

function nameMatcher(pattern: string): (node: TraceNode) => boolean {
  const isName = matcher(pattern);
  return ({ span }) => isName(span.name);
}

/** Whether work enters a service with this span: a server or consumer, or the first span of the service where kinds are not recorded. */
function isEntry({ span, service, parent }: TraceNode): boolean {
  if (span.kind === 'server' || span.kind === 'consumer') return true;
  if (span.kind === 'client' || span.kind === 'producer') return false;
  return parent === null || parent.service !== service;
}

function edgeReader(sourcePattern: string, targetPattern: string): ScopeReader {
  const isSource = nodeMatcher(sourcePattern);
  const isTarget = nodeMatcher(targetPattern);
  return ({ calls }) =>
    calls
      .filter(({ source, target }) => isSource(source) && isTarget(target))
      .map(({ client, server, witness }) => {
        const span = client ?? server ?? witness;
        const isError = [client, server].some((side) => side?.statusCode === 'error');
        return { node: null, span, durationNs: knownDuration(span), isError };
      });
}

/** A node of the dependency graph by its id (`database:postgresql/shop`) or, for a service, by its name alone. */
function nodeMatcher(pattern: string): (id: string) => boolean {
  const matches = matcher(pattern);
  return (id) => matches(id) || (id.startsWith('service:') && matches(id.slice('service:'.length)));
}

/** `*` stands for any text. */
export function matcher(pattern: string): (text: string) => boolean {
  if (!pattern.includes('*')) return (text) => text === pattern;
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 's');
  return (text) => expression.test(text);
}

function itemOf(node: TraceNode): ScopedItem {
  const { span } = node;
  return { node, span, durationNs: knownDuration(span), isError: span.statusCode === 'error' };
}

function knownDuration(span: Span): Nanos | null {
  const isUnknown = (span.timeFlags & (TIME_FLAGS.noStart | TIME_FLAGS.noEnd)) !== 0;
  return isUnknown ? null : span.durationNs;
}
