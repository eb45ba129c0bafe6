import {
  type DependencyOptions,
  type ServiceDependencies,
  serviceDependencies,
} from '../../src/analysis/service-dependencies.ts';
import { type Span, type SpanKind, serviceName } from '../../src/model/span.ts';
import { type SpanParts, spanOf } from './span-of.ts';
import { tracesOf } from './traces-of.ts';

/** The dependencies of all traces of some spans; their services are the known ones. */
export function dependenciesOf(
  spans: readonly Span[],
  options: Partial<DependencyOptions> = {},
): ServiceDependencies {
  const knownServices = new Set(spans.map(({ resource }) => serviceName(resource)));
  const dependencies = serviceDependencies({ knownServices, ...options });
  for (const trace of tracesOf(spans)) dependencies.add(trace);
  return dependencies.result();
}

/** A span of trace 1: id, parent, service and kind, and what else matters. */
export function callSpan(
  spanId: string,
  parentSpanId: string | null,
  service: string,
  kind: SpanKind,
  more: SpanParts = {},
): Span {
  return spanOf({ spanId, parentSpanId, service, kind, ...more });
}
