import type { Attributes, AttributeValue } from '../../model/attributes.ts';
import { haveShape, shapedAttributes } from '../../model/shaped-attributes.ts';
import type { Span } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import type { Trace, TraceNode } from '../../model/trace.ts';
import { shapeFacts } from '../shape-facts.ts';
import type { EvidenceValue, Severity, TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';

/** Limits that a trace or a span should stay below. */
interface Limits {
  readonly maxSpans: number;
  readonly maxDepth: number;
  readonly maxChildren: number;
  readonly maxDurationS: number;
  readonly maxValueKiB: number;
  readonly maxAttributes: number;
  readonly maxEvents: number;
  readonly maxTraceMiB: number;
}

/** What is at or over its limit. `size` is in the unit of the limit. */
interface Excess {
  readonly what: string;
  readonly severity: Severity;
  readonly node: TraceNode;
  readonly size: number;
  readonly limit: number;
  readonly title: string;
  readonly evidence?: Readonly<Record<string, EvidenceValue>>;
}

/** Traces and spans so large that backends cut, slow down or refuse them. Limits of spans are the defaults of the SDKs. */
export const oversizedRule = traceRule({
  name: 'oversized',
  advice: {
    oversized:
      'Split long-running work into traces that link to each other, record loops as one span, and keep payloads out of attributes.',
    'dropped-data':
      'Raise the limits of the SDK (OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT and its like) or record less: what was dropped is gone.',
  },
  params: {
    maxSpans: 10_000,
    maxDepth: 100,
    maxChildren: 1_000,
    maxDurationS: 3_600,
    maxValueKiB: 64,
    maxAttributes: 128,
    maxEvents: 128,
    maxTraceMiB: 10,
  },
  inspect({ trace }, limits) {
    const [root] = trace.nodes;
    if (root === undefined) return [];
    const spans = isSurelySmall(trace, limits) ? NO_SIZES : spanSizes(trace);
    return [...traceExcesses(trace, root, limits), ...spanExcesses(trace, spans, root, limits)]
      .map(oversizedFinding)
      .concat(droppedFindings(trace));
  },
});

function traceExcesses(trace: Trace, root: TraceNode, limits: Limits): Excess[] {
  const { nodes } = trace;
  const deepest = largest(nodes, ({ depth }) => depth);
  const widest = largest(nodes, ({ children }) => children.length);
  const seconds = trace.durationNs / 1e9;
  const depth = (deepest?.depth ?? 0) + 1;
  const children = widest?.children.length ?? 0;
  const all: Excess[] = [
    excess('spans', 'medium', root, nodes.length, limits.maxSpans, 'spans in one trace'),
    excess('depth', 'low', deepest ?? root, depth, limits.maxDepth, 'spans deep'),
    excess('children', 'low', widest ?? root, children, limits.maxChildren, 'children of one span'),
    excess('duration', 'low', root, seconds, limits.maxDurationS, 'seconds long'),
  ];
  return all.filter(isOver);
}

function spanExcesses(
  { nodes }: Trace,
  sizes: SpanSizes,
  root: TraceNode,
  limits: Limits,
): Excess[] {
  const many = largest(nodes, ({ span }) => span.attributes.size);
  const eventful = largest(nodes, ({ span }) => span.events.length);
  const attributes = many?.span.attributes.size ?? 0;
  const events = eventful?.span.events.length ?? 0;
  const { value } = sizes;
  const kib = value.units / 1024;
  const mib = sizes.traceUnits / 1024 / 1024;
  const all: Excess[] = [
    excess(
      'attributes',
      'low',
      many ?? root,
      attributes,
      limits.maxAttributes,
      'attributes of one span',
    ),
    excess('events', 'low', eventful ?? root, events, limits.maxEvents, 'events of one span'),
    {
      ...excess(
        'value',
        'medium',
        value.node ?? root,
        kib,
        limits.maxValueKiB,
        'KiB in one attribute',
      ),
      evidence: { key: value.key },
    },
  ];
  if (mib >= limits.maxTraceMiB) {
    all.push({
      ...excess('bytes', 'medium', root, mib, limits.maxTraceMiB, 'MiB in one trace'),
      evidence: { largestKeys: largestKeys(nodes) },
    });
  }
  return all.filter(isOver);
}

function excess(
  what: string,
  severity: Severity,
  node: TraceNode,
  size: number,
  limit: number,
  unit: string,
): Excess {
  return { what, severity, node, size, limit, title: `${Math.floor(size)} ${unit}` };
}

function isOver({ size, limit }: Excess): boolean {
  return size >= limit;
}

function oversizedFinding({
  what,
  severity,
  node,
  size,
  limit,
  title,
  evidence,
}: Excess): TraceFinding {
  return {
    rule: 'oversized',
    severity,
    confidence: 0.9,
    title,
    node,
    spans: [node],
    count: 1,
    impactNs: nanos(0),
    evidence: { what, size, limit, ...evidence },
    signatures: [what],
  };
}

/** The first of those for which `size` is greatest; null of none. */
function largest(nodes: readonly TraceNode[], size: (node: TraceNode) => number): TraceNode | null {
  let best: TraceNode | null = null;
  let most = -1;
  for (const node of nodes) {
    const own = size(node);
    if (own > most) {
      most = own;
      best = node;
    }
  }
  return best;
}

/** Sizes in UTF-16 units, which are bytes for most texts, of keys and values without the encoding around them. */
interface SpanSizes {
  readonly traceUnits: number;
  readonly value: { readonly node: TraceNode | null; readonly key: string; readonly units: number };
}

/** Sizes that are below every limit. */
const NO_SIZES: SpanSizes = { traceUnits: 0, value: { node: null, key: '', units: 0 } };

/** For a byte of JSON there are at most so many units: of a list of digits, `1,` counts as 8. */
const UNITS_PER_BYTE = 4;

/** Whether the texts that a trace is kept as show that it is below the limits of bytes. Nearly all are. */
function isSurelySmall({ nodes }: Trace, { maxTraceMiB, maxValueKiB }: Limits): boolean {
  let traceUnits = 0;
  for (const { span } of nodes) {
    const units = mostUnits(span);
    if (units >= maxValueKiB * 1024) return false;
    traceUnits += units;
  }
  return traceUnits < maxTraceMiB * 1024 * 1024;
}

function mostUnits({ attributes, events, name, statusMessage }: Span): number {
  let units = SPAN_UNITS + name.length + statusMessage.length + mostAttributeUnits(attributes);
  for (const event of events) units += mostAttributeUnits(event.attributes);
  return units;
}

function mostAttributeUnits(attributes: Attributes): number {
  const json = haveShape(attributes) ? attributes.json : null;
  if (json !== null) return (json.to - json.from) * UNITS_PER_BYTE;
  let units = 0;
  for (const [key, value] of attributes) units += key.length + unitsOf(value);
  return units;
}

/** What a span's ids, times, kind and status take up. */
const SPAN_UNITS = 64;

const keyUnits = shapeFacts(({ keys }) => keys.reduce((sum, key) => sum + key.length, 0));

function spanSizes({ nodes }: Trace): SpanSizes {
  let traceUnits = 0;
  let value: SpanSizes['value'] = { node: null, key: '', units: 0 };
  for (const node of nodes) {
    const { attributes, events, name, statusMessage } = node.span;
    traceUnits += SPAN_UNITS + name.length + statusMessage.length;
    const count = (holder: Attributes) => {
      const { shape, list } = shapedAttributes(holder);
      traceUnits += keyUnits(shape);
      for (let i = 0; i < list.length; i++) {
        const units = unitsOf(list[i] ?? null);
        traceUnits += units;
        if (units > value.units) value = { node, key: shape.keys[i] ?? '', units };
      }
    };
    count(attributes);
    for (const event of events) count(event.attributes);
  }
  return { traceUnits, value };
}

function unitsOf(value: AttributeValue): number {
  if (typeof value !== 'object' && typeof value !== 'string') return 8;
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) {
    return value.reduce(
      (sum: number, item) => sum + (typeof item === 'string' ? item.length : 8),
      0,
    );
  }
  return 8;
}

const SHOWN_KEYS = 5;

function largestKeys(nodes: readonly TraceNode[]): EvidenceValue {
  const units = new Map<string, number>();
  const addAll = (attributes: Attributes) => {
    for (const [key, value] of attributes) {
      units.set(key, (units.get(key) ?? 0) + key.length + unitsOf(value));
    }
  };
  for (const { span } of nodes) {
    addAll(span.attributes);
    for (const event of span.events) addAll(event.attributes);
  }
  return [...units]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, SHOWN_KEYS)
    .map(([key, bytes]) => ({ key, bytes }));
}

/** Spans whose SDK says that it dropped something, one finding a service. */
function droppedFindings({ nodes }: Trace): TraceFinding[] {
  const byService = new Map<string, TraceNode[]>();
  for (const node of nodes) {
    const { attributes, events, links } = node.span.dropped;
    if (attributes + events + links === 0) continue;
    const group = byService.get(node.service);
    if (group) group.push(node);
    else byService.set(node.service, [node]);
  }
  return Array.from(byService.values()).flatMap((spans) => {
    const [node] = spans;
    return node === undefined ? [] : [droppedFinding(node, spans)];
  });
}

function droppedFinding(node: TraceNode, spans: readonly TraceNode[]): TraceFinding {
  const sum = (part: 'attributes' | 'events' | 'links') =>
    spans.reduce((total, { span }) => total + span.dropped[part], 0);
  return {
    rule: 'dropped-data',
    severity: 'low',
    confidence: 1,
    title: `the SDK dropped data of ${spans.length} spans`,
    node,
    spans,
    count: spans.length,
    impactNs: nanos(0),
    evidence: { attributes: sum('attributes'), events: sum('events'), links: sum('links') },
    signatures: [],
  };
}
