import { type AttributeShape, shapedAttributes } from '../../model/shaped-attributes.ts';
import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { BestExemplars } from './best-exemplars.ts';
import type { DataFinding } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import { idPattern, namePattern } from './name-pattern.ts';
import { withoutSecrets } from './secret-patterns.ts';
import type { TraceContext } from './trace-context.ts';

/** Names and keys that are told apart, over all services: 100 bytes each, 20 MB together. Beyond, counts are lower bounds. */
const MAX_NAMES = 200_000;
const MAX_SAMPLES = 5;

interface PatternNames {
  names: number;
  readonly samples: string[];
}

interface ServiceNames {
  spans: number;
  readonly names: Set<string>;
  /** Without any variable part. */
  readonly patterns: Set<string>;
  /** By pattern with ids left out; only of names that hold an id. */
  readonly withIds: Map<string, PatternNames>;
  readonly keys: Set<string>;
  readonly shapes: Set<AttributeShape>;
  traces: number;
  readonly exemplars: BestExemplars;
}

/** Names that are made of values: every value makes another operation, and no group has enough spans to say anything. */
export const highCardinalityNamesRule = dataRule({
  name: 'high-cardinality-names',
  advice: {
    'high-cardinality-names':
      'Name spans by what they do (http.route, the statement without values) and put the values into attributes.',
    'high-cardinality-keys':
      'Use fixed attribute keys and put what varies into their values: backends index keys.',
  },
  params: { minSpans: 200, minNames: 100, minRatio: 5, minVariants: 3, minKeys: 500 },
  accumulate: (params) => new Names(params),
});

interface NameParams {
  readonly minSpans: number;
  readonly minNames: number;
  readonly minRatio: number;
  readonly minVariants: number;
  readonly minKeys: number;
}

class Names implements DataRuleAccumulator {
  readonly #services = new Map<string, ServiceNames>();
  readonly #params: NameParams;
  #kept = 0;

  constructor(params: NameParams) {
    this.#params = params;
  }

  add({ trace }: TraceContext): void {
    const touched = new Set<ServiceNames>();
    for (const node of trace.nodes) {
      const service = this.#serviceOf(node.service);
      if (this.#addSpan(service, node) && !touched.has(service)) {
        touched.add(service);
        service.traces += 1;
        service.exemplars.add(0, trace.traceId, [node.span]);
      }
    }
  }

  #serviceOf(name: string): ServiceNames {
    let service = this.#services.get(name);
    if (service === undefined) {
      service = {
        spans: 0,
        names: new Set(),
        patterns: new Set(),
        withIds: new Map(),
        keys: new Set(),
        shapes: new Set(),
        traces: 0,
        exemplars: new BestExemplars(),
      };
      this.#services.set(name, service);
    }
    return service;
  }

  /** Whether the span's name was new to its service and holds an id. */
  #addSpan(service: ServiceNames, { span }: TraceNode): boolean {
    service.spans += 1;
    this.#addKeys(service, shapedAttributes(span.attributes).shape);
    const { name } = span;
    if (service.names.has(name) || !this.#keep()) return false;
    service.names.add(name);
    const pattern = namePattern(name);
    if (pattern === name) {
      service.patterns.add(name);
      return false;
    }
    service.patterns.add(pattern);
    const idLess = idPattern(name);
    if (idLess === name) return false;
    const group = service.withIds.get(idLess) ?? { names: 0, samples: [] };
    service.withIds.set(idLess, group);
    group.names += 1;
    addSample(group.samples, name);
    return true;
  }

  /** Each shape once, as long as keys are still kept. */
  #addKeys({ keys, shapes }: ServiceNames, shape: AttributeShape): void {
    if (shapes.has(shape)) return;
    for (const key of shape.keys) if (!keys.has(key) && this.#keep()) keys.add(key);
    if (shape.number !== -1) shapes.add(shape);
  }

  #keep(): boolean {
    if (this.#kept === MAX_NAMES) return false;
    this.#kept += 1;
    return true;
  }

  result(): DataFinding[] {
    return Array.from(this.#services).flatMap(([name, service]) => [
      ...nameFindings(name, service, this.#params),
      ...keyFindings(name, service, this.#params),
    ]);
  }
}

/** The first by code unit, so that they do not depend on the order of the traces. */
function addSample(samples: string[], name: string): void {
  samples.push(name);
  samples.sort();
  samples.length = Math.min(samples.length, MAX_SAMPLES);
}

function nameFindings(
  service: string,
  { spans, names, patterns, withIds, traces, exemplars }: ServiceNames,
  { minSpans, minNames, minRatio, minVariants }: NameParams,
): DataFinding[] {
  const isMany =
    spans >= minSpans && names.size >= minNames && names.size >= minRatio * patterns.size;
  const variable = [...withIds]
    .filter(([, group]) => group.names >= minVariants)
    .sort((a, b) => b[1].names - a[1].names || (a[0] < b[0] ? -1 : 1));
  const [worst] = variable;
  if (!isMany && worst === undefined) return [];
  const samples = worst?.[1].samples ?? [...names].sort().slice(0, MAX_SAMPLES);
  return [
    {
      rule: 'high-cardinality-names',
      severity: isMany ? 'medium' : 'low',
      confidence: isMany ? 0.9 : 0.7,
      title:
        worst === undefined
          ? `${names.size} different names of ${spans} spans`
          : `${worst[1].names} names like ${shown(worst[0])}`,
      service,
      operation: '',
      count: names.size,
      evidence: {
        spans,
        names: names.size,
        patterns: patterns.size,
        pattern: worst === undefined ? null : shown(worst[0]),
        patternsWithIds: variable.length,
        samples: samples.map(shown),
      },
      traces,
      exemplars: exemplars.list(),
      impactNs: nanos(0),
      signatures: [],
    },
  ];
}

function keyFindings(service: string, { keys }: ServiceNames, params: NameParams): DataFinding[] {
  const withIds = [...keys].filter((key) => idPattern(key) !== key).sort();
  const isMany = keys.size > params.minKeys;
  if (!isMany && withIds.length < params.minVariants) return [];
  return [
    {
      rule: 'high-cardinality-keys',
      severity: isMany ? 'medium' : 'low',
      confidence: 0.8,
      title: `${keys.size} different attribute keys, ${withIds.length} of them with ids`,
      service,
      operation: '',
      count: keys.size,
      evidence: {
        keys: keys.size,
        keysWithIds: withIds.length,
        samples: withIds.slice(0, MAX_SAMPLES).map(shown),
      },
      traces: 0,
      exemplars: [],
      impactNs: nanos(0),
      signatures: [],
    },
  ];
}

/** Names may be made of e-mail addresses and tokens. */
function shown(name: string): string {
  return withoutSecrets(name);
}
