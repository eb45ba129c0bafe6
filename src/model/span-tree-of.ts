import { stringAttribute } from './attributes.ts';
import type { SpanId } from './ids.ts';
import { SPAN_KINDS, type Span, STATUS_CODES } from './span.ts';
import { spanIdWord } from './span-id-words.ts';
import { type SpanTree, type SpanTreeColumns, spanColumns, ZERO_START } from './span-tree.ts';
import type { SpanVocabulary } from './span-vocabulary.ts';
import type { TraceNode } from './trace.ts';

/** The same spans as numbers. */
export function spanTreeOf(nodes: readonly TraceNode[], vocabulary: SpanVocabulary): SpanTree {
  const columns = spanColumns(nodes.length);
  const missingParents = new Map<number, SpanId>();
  let addresses: (string | null)[] | null = null;
  for (const node of nodes) {
    putNode(columns, node, vocabulary);
    if (node.missingParent !== null) missingParents.set(node.index, node.missingParent);
    const address = zipkinAddress(node.span);
    if (address === null) continue;
    addresses ??= nodes.map(() => null);
    addresses[node.index] = address;
  }
  return { ...columns, size: nodes.length, vocabulary, missingParents, addresses };
}

const KINDS = new Map(SPAN_KINDS.map((kind, index) => [kind, index]));
const STATUSES = new Map(STATUS_CODES.map((code, index) => [code, index]));

function putNode(columns: SpanTreeColumns, node: TraceNode, vocabulary: SpanVocabulary): void {
  const { index, span, service, startNs, endNs, parent, relation } = node;
  const kind = KINDS.get(span.kind) ?? 0;
  columns.parent[index] = parent?.index ?? -1;
  columns.start[index] = startNs;
  columns.end[index] = endNs;
  columns.duration[index] = span.durationNs;
  columns.operation[index] = vocabulary.operation(vocabulary.service(service), span.name, kind);
  columns.resource[index] = vocabulary.resource(span.resource);
  columns.kind[index] = kind;
  columns.status[index] = STATUSES.get(span.statusCode) ?? 0;
  columns.timeFlags[index] = span.timeFlags | (span.startUnixNano === 0n ? ZERO_START : 0);
  columns.follows[index] = Number(relation === 'follows-from');
  columns.events[index] = Number(span.events.length > 0);
  columns.idHigh[index] = spanIdWord(span.spanId, 0);
  columns.idLow[index] = spanIdWord(span.spanId, 8);
}

/** Zipkin's spans say their own address themselves; their resource has only the service. */
function zipkinAddress(span: Span): string | null {
  if (!span.origin.format.startsWith('zipkin')) return null;
  return stringAttribute(span.attributes, 'network.local.address');
}
