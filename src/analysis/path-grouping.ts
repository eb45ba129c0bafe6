import type { TraceNode } from '../model/trace.ts';
import { byAttribute, type GroupKey, type SpanGrouping } from './span-grouping.ts';

/** The service and the operation of a span that the trace lacks. */
export const LOST = '(missing)';

/** What the owners of a critical path are grouped by. */
export interface PathGrouping<K extends GroupKey> {
  readonly keyOf: SpanGrouping<K>;
  /** The group of time that belongs to a lost parent. */
  readonly lost: K;
  /** What a span's group follows from, so that it is worked out once for all spans of an operation. */
  readonly follows: 'service' | 'operation' | 'span';
}

type ServiceKey = { readonly service: string };

/** What a service does under one name, whatever the kind of the span. */
export type PathOperation = { readonly service: string; readonly operation: string };

export const pathByService: PathGrouping<ServiceKey> = {
  keyOf: ({ service }) => ({ service }),
  lost: { service: LOST },
  follows: 'service',
};

export const pathByOperation: PathGrouping<PathOperation> = {
  keyOf: pathOperation,
  lost: { service: LOST, operation: LOST },
  follows: 'operation',
};

/** By one attribute of the span or its resource, null for owners without it. */
export function pathByAttribute(key: string): PathGrouping<GroupKey> {
  return { keyOf: byAttribute(key), lost: { [key]: null }, follows: 'span' };
}

function pathOperation({ service, span }: TraceNode): PathOperation {
  return { service, operation: span.name };
}

/** The calls that led to a span, from the root down to itself. */
export type CallPath = readonly PathOperation[];
