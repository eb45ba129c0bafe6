import type { SpanTree } from '../model/span-tree.ts';
import { byAttribute, type GroupKey, type SpanGrouping } from './span-grouping.ts';

/** The service and the operation of a span that the trace lacks. */
export const LOST = '(missing)';

/** What the owners of a critical path are grouped by. */
export type PathGrouping<K extends GroupKey> = {
  /** The group of time that belongs to a lost parent. */
  readonly lost: K;
} & (OperationGrouping<K> | SpanByItself<K>);

/** All spans of an operation are one group, so that it is worked out once. */
interface OperationGrouping<K> {
  readonly follows: 'operation';
  readonly keyOf: (service: string, operation: string) => K;
}

interface SpanByItself<K extends GroupKey> {
  readonly follows: 'span';
  readonly keyOf: SpanGrouping<K>;
  /** By what the tree knows of a span: false where it has no group in any case. */
  readonly mayHaveKey?: (tree: SpanTree, span: number) => boolean;
}

type ServiceKey = { readonly service: string };

/** What a service does under one name, whatever the kind of the span. */
export type PathOperation = { readonly service: string; readonly operation: string };

export const pathByService: PathGrouping<ServiceKey> = {
  keyOf: (service) => ({ service }),
  lost: { service: LOST },
  follows: 'operation',
};

export const pathByOperation: PathGrouping<PathOperation> = {
  keyOf: (service, operation) => ({ service, operation }),
  lost: { service: LOST, operation: LOST },
  follows: 'operation',
};

/** By one attribute of the span or its resource, null for owners without it. */
export function pathByAttribute(key: string): PathGrouping<GroupKey> {
  return { keyOf: byAttribute(key), lost: { [key]: null }, follows: 'span' };
}

/** The calls that led to a span, from the root down to itself. */
export type CallPath = readonly PathOperation[];
