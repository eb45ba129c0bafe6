import { type AttributeShape, shapedAttributes } from '../../model/shaped-attributes.ts';
import { type Span, TIME_FLAGS, UNKNOWN_SERVICE } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import type { Trace, TraceNode } from '../../model/trace.ts';
import { shapeFacts } from '../shape-facts.ts';
import { BestExemplars } from './best-exemplars.ts';
import type { DataFinding, EvidenceValue, Severity } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import { renamedAttributes } from './renamed-attributes.ts';
import type { TraceContext } from './trace-context.ts';

/** Something that makes analyses say less than they could. */
interface Defect {
  readonly name: string;
  readonly advice: string;
  readonly severity: Severity;
  readonly title: (count: number) => string;
}

function spans(count: number): string {
  return count === 1 ? '1 span' : `${count} spans`;
}

const DEFECTS = {
  unknownService: {
    name: 'unknown-service',
    advice:
      'Set service.name (OTEL_SERVICE_NAME) on the resource: without it nobody knows whose span it is.',
    severity: 'medium',
    title: (count) => `${spans(count)} of no known service`,
  },
  unnamed: {
    name: 'unnamed-spans',
    advice: 'Give every span a name that says what it does.',
    severity: 'low',
    title: (count) => `${spans(count)} without a name`,
  },
  missingKind: {
    name: 'missing-kind',
    advice:
      'Set the kind of spans that make or answer calls (CLIENT, SERVER, PRODUCER, CONSUMER): dependencies follow from it.',
    severity: 'low',
    title: (count) => `${spans(count)} without a kind`,
  },
  duplicateId: {
    name: 'duplicate-span-id',
    advice:
      'Find the tracer that gives one id to two spans, or the exporter that sends a span twice with changes.',
    severity: 'low',
    title: (count) => `${spans(count)} with the id of another span of the trace`,
  },
  negativeDuration: {
    name: 'negative-duration',
    advice: 'Take both times of a span from one monotonic clock.',
    severity: 'low',
    title: (count) => `${spans(count)} with an end before the start`,
  },
  futureStart: {
    name: 'future-start',
    advice: 'Set the clocks of these hosts, or see whether the dump counts in the unit it claims.',
    severity: 'medium',
    title: (count) => `${spans(count)} with a start later than the dump was read`,
  },
  unfinished: {
    name: 'unfinished-spans',
    advice: 'End spans on every way out; or the dump was taken while they were open.',
    severity: 'info',
    title: (count) => `${spans(count)} without a start or an end`,
  },
  deprecated: {
    name: 'deprecated-attributes',
    advice:
      'Move to the current names of the semantic conventions (OTEL_SEMCONV_STABILITY_OPT_IN).',
    severity: 'info',
    title: (count) =>
      `${count} attribute ${count === 1 ? 'key under a name that was' : 'keys under names that were'} replaced`,
  },
} as const satisfies Record<string, Defect>;

type DefectKey = keyof typeof DEFECTS;
const DEFECT_KEYS: readonly DefectKey[] = [
  'unknownService',
  'unnamed',
  'missingKind',
  'duplicateId',
  'negativeDuration',
  'futureStart',
  'unfinished',
  'deprecated',
];

/** Keys and services that are told apart of each defect. */
const MAX_NAMES = 1_000;
const SHOWN_NAMES = 10;

const deprecatedKeys = shapeFacts(({ keys }) => keys.filter((key) => renamedAttributes.has(key)));

class DefectCount {
  count = 0;
  traces = 0;
  /** By service, of `deprecated` by key. */
  readonly names = new Map<string, number>();
  readonly exemplars = new BestExemplars();
  #lastTrace = '';

  add(name: string, count: number, trace: Trace, span: Pick<Span, 'spanId'>): void {
    this.addName(name, count);
    this.addTrace(trace, span);
  }

  addName(name: string, count: number): void {
    this.count += count;
    const known = this.names.get(name);
    if (known !== undefined || this.names.size < MAX_NAMES) {
      this.names.set(name, (known ?? 0) + count);
    }
  }

  addTrace({ traceId }: Trace, span: Pick<Span, 'spanId'>): void {
    if (this.#lastTrace === traceId) return;
    this.#lastTrace = traceId;
    this.traces += 1;
    this.exemplars.add(0, traceId, [span]);
  }
}

/** What keeps the other analyses from saying more: spans without service, name, kind or times, ids used twice, old attribute keys. */
export const dataQualityRule = dataRule({
  name: 'data-quality',
  advice: {
    'data-quality': 'Mend the instrumentation where the findings below say.',
    ...Object.fromEntries(Object.values(DEFECTS).map(({ name, advice }) => [name, advice])),
  },
  // The analysis has no clock: whoever knows when the spans were read says so; 0: nobody does.
  params: { minSpans: 1, minMissingKindShare: 0.5, readAtUnixMs: 0, maxAheadMs: 60_000 },
  accumulate: (params) => new DataQuality(params),
});

interface QualityParams {
  readonly minSpans: number;
  readonly minMissingKindShare: number;
  readonly readAtUnixMs: number;
  readonly maxAheadMs: number;
}

const UNTIMED = TIME_FLAGS.noStart | TIME_FLAGS.noEnd;

class DataQuality implements DataRuleAccumulator {
  readonly #params: QualityParams;
  readonly #counts = new Map<DefectKey, DefectCount>();
  /** Spans by the shape of their attributes, where it has deprecated keys. */
  readonly #deprecated = new Map<AttributeShape, number>();
  /** The last moment at which a span can have started; null when nobody knows. */
  readonly #latestStart: bigint | null;
  #spans = 0;

  constructor(params: QualityParams) {
    this.#params = params;
    const { readAtUnixMs, maxAheadMs } = params;
    const latestMs = Math.round(readAtUnixMs + maxAheadMs);
    this.#latestStart =
      readAtUnixMs > 0 && Number.isSafeInteger(latestMs) ? BigInt(latestMs) * 1_000_000n : null;
  }

  add({ trace }: TraceContext): void {
    this.#spans += trace.nodes.length;
    for (const node of trace.nodes) this.#addSpan(node, trace);
    for (const { code, count, spanId } of trace.warnings) {
      if (code !== 'duplicate-span-id') continue;
      const service = trace.nodes.find(({ span }) => span.spanId === spanId)?.service ?? '';
      this.#countOf('duplicateId').add(service, count, trace, { spanId });
    }
  }

  #addSpan({ span, service }: TraceNode, trace: Trace): void {
    if (service === UNKNOWN_SERVICE) this.#add('unknownService', service, trace, span);
    if (span.name === '') this.#add('unnamed', service, trace, span);
    if (span.kind === 'unspecified') this.#add('missingKind', service, trace, span);
    if (span.timeFlags & TIME_FLAGS.negativeDuration) {
      this.#add('negativeDuration', service, trace, span);
    }
    if (this.#latestStart !== null && span.startUnixNano > this.#latestStart) {
      this.#add('futureStart', service, trace, span);
    }
    if (span.timeFlags & UNTIMED) this.#add('unfinished', service, trace, span);
    const { shape } = shapedAttributes(span.attributes);
    if (deprecatedKeys(shape).length > 0) this.#addDeprecated(shape, trace, span);
  }

  /** The keys are counted in the end, once for a shape. */
  #addDeprecated(shape: AttributeShape, trace: Trace, span: Span): void {
    const found = this.#countOf('deprecated');
    found.addTrace(trace, span);
    const count = this.#deprecated.get(shape);
    if (count !== undefined || shape.number !== -1) this.#deprecated.set(shape, (count ?? 0) + 1);
    else for (const key of deprecatedKeys(shape)) found.addName(key, 1);
  }

  #countDeprecated(): void {
    for (const [shape, count] of this.#deprecated) {
      for (const key of deprecatedKeys(shape)) this.#countOf('deprecated').addName(key, count);
    }
    this.#deprecated.clear();
  }

  #add(key: DefectKey, name: string, trace: Trace, span: Span): void {
    this.#countOf(key).add(name, 1, trace, span);
  }

  #countOf(key: DefectKey): DefectCount {
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = new DefectCount();
      this.#counts.set(key, count);
    }
    return count;
  }

  result(): DataFinding[] {
    const { minSpans, minMissingKindShare } = this.#params;
    this.#countDeprecated();
    return DEFECT_KEYS.flatMap((key) => {
      const found = this.#counts.get(key);
      if (found === undefined || found.count < minSpans) return [];
      if (key === 'missingKind' && found.count <= minMissingKindShare * this.#spans) return [];
      return [defectFinding(key, found, this.#spans)];
    });
  }
}

function defectFinding(key: DefectKey, found: DefectCount, spans: number): DataFinding {
  const { name, severity, title } = DEFECTS[key];
  const names = [...found.names].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const shown = names.slice(0, SHOWN_NAMES);
  const of: EvidenceValue =
    key === 'deprecated'
      ? shown.map(([old, count]) => ({ key: old, now: renamedAttributes.get(old) ?? '', count }))
      : shown.map(([service, count]) => ({ service, count }));
  return {
    rule: name,
    severity,
    confidence: 0.9,
    title: title(key === 'deprecated' ? names.length : found.count),
    service: '',
    operation: '',
    count: found.count,
    evidence: { count: found.count, spans, [key === 'deprecated' ? 'keys' : 'services']: of },
    traces: found.traces,
    exemplars: found.exemplars.list(),
    impactNs: nanos(0),
    signatures: [],
  };
}
