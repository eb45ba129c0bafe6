import { fixed32Tag, fixed64Tag, lengthTag, varintTag } from './wire-reader.ts';

// Tags of OTLP's protobuf messages, as far as traces need them.
// Source: https://github.com/open-telemetry/opentelemetry-proto, trace/v1/trace.proto, common/v1/common.proto, resource/v1/resource.proto

/** TracesData and ExportTraceServiceRequest, which are the same on the wire; LogsData and MetricsData put their lists here too. */
export const TRACES = { resourceSpans: lengthTag(1) } as const;

export const RESOURCE_SPANS = {
  resource: lengthTag(1),
  scopeSpans: lengthTag(2),
  schemaUrl: lengthTag(3),
  /** `instrumentation_library_spans` of OTLP 0.15–0.18: ScopeSpans by another name. Before, they were field 2. */
  librarySpans: lengthTag(1000),
} as const;

export const RESOURCE = {
  attributes: lengthTag(1),
  droppedAttributes: varintTag(2),
  entityRefs: lengthTag(3),
} as const;

export const SCOPE_SPANS = {
  scope: lengthTag(1),
  spans: lengthTag(2),
  schemaUrl: lengthTag(3),
} as const;

export const SCOPE = {
  name: lengthTag(1),
  version: lengthTag(2),
  attributes: lengthTag(3),
  droppedAttributes: varintTag(4),
} as const;

export const SPAN = {
  traceId: lengthTag(1),
  spanId: lengthTag(2),
  traceState: lengthTag(3),
  parentSpanId: lengthTag(4),
  name: lengthTag(5),
  kind: varintTag(6),
  start: fixed64Tag(7),
  end: fixed64Tag(8),
  attributes: lengthTag(9),
  droppedAttributes: varintTag(10),
  events: lengthTag(11),
  droppedEvents: varintTag(12),
  links: lengthTag(13),
  droppedLinks: varintTag(14),
  status: lengthTag(15),
  flags: fixed32Tag(16),
} as const;

export const EVENT = {
  time: fixed64Tag(1),
  name: lengthTag(2),
  attributes: lengthTag(3),
  droppedAttributes: varintTag(4),
} as const;

export const LINK = {
  traceId: lengthTag(1),
  spanId: lengthTag(2),
  traceState: lengthTag(3),
  attributes: lengthTag(4),
  droppedAttributes: varintTag(5),
  flags: fixed32Tag(6),
} as const;

export const STATUS = { message: lengthTag(2), code: varintTag(3) } as const;

export const KEY_VALUE = { key: lengthTag(1), value: lengthTag(2) } as const;

export const ANY_VALUE = {
  string: lengthTag(1),
  bool: varintTag(2),
  int: varintTag(3),
  double: fixed64Tag(4),
  array: lengthTag(5),
  map: lengthTag(6),
  bytes: lengthTag(7),
} as const;

/** ArrayValue and KeyValueList both keep their elements in field 1. */
export const VALUES = lengthTag(1);
