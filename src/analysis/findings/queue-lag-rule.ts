import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { conceptText } from '../attribute-concepts.ts';
import { PERCENTILES } from '../duration-statistics.ts';
import { groupId } from '../span-grouping.ts';
import { BestExemplars } from './best-exemplars.ts';
import { BoundedDurations } from './bounded-durations.ts';
import type { DataFinding } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import { isTimed } from './server-pair.ts';
import type { TraceContext } from './trace-context.ts';

/** Queues that are kept, at most: 9 kB each, 9 MB together. Further ones are not looked at. */
const MAX_QUEUES = 1_000;

interface Queue {
  readonly producer: string;
  readonly service: string;
  readonly operation: string;
  readonly destination: string | null;
  readonly lags: BoundedDurations;
  /** Messages received before their producer began to send them: the clocks disagree, and no lag can be trusted. */
  impossible: number;
  readonly longest: BestExemplars;
}

/** Messages that waited long for their consumer, far longer than is usual for their queue. */
export const queueLagRule = dataRule({
  name: 'queue-lag',
  advice: {
    'queue-lag':
      'Add consumers or make them faster at the times of these messages; look for one slow message that blocks its partition.',
  },
  params: { minLagMs: 1_000, minRatio: 5 },
  accumulate: (params) => new Queues(params),
});

interface QueueParams {
  readonly minLagMs: number;
  readonly minRatio: number;
}

class Queues implements DataRuleAccumulator {
  readonly #queues = new Map<string, Queue>();
  readonly #params: QueueParams;

  constructor(params: QueueParams) {
    this.#params = params;
  }

  add({ trace }: TraceContext): void {
    for (const node of trace.nodes) {
      const producer = node.parent;
      if (node.span.kind !== 'consumer' || producer?.span.kind !== 'producer') continue;
      if (isTimed(node) && isTimed(producer)) this.#addMessage(producer, node);
    }
  }

  #addMessage(producer: TraceNode, consumer: TraceNode): void {
    const { service, span } = consumer;
    const destination =
      conceptText(span.attributes, 'messagingDestination') ??
      conceptText(producer.span.attributes, 'messagingDestination');
    const operation = span.name;
    const id = groupId({ producer: producer.service, service, operation, destination });
    let queue = this.#queues.get(id);
    if (queue === undefined) {
      if (this.#queues.size === MAX_QUEUES) return;
      queue = {
        producer: producer.service,
        service,
        operation,
        destination,
        lags: new BoundedDurations(),
        impossible: 0,
        longest: new BestExemplars(),
      };
      this.#queues.set(id, queue);
    }
    // The broker may deliver before the producer has its receipt.
    const lagNs = nanos(Math.max(0, consumer.startNs - producer.endNs));
    if (consumer.startNs < producer.startNs) queue.impossible += 1;
    queue.lags.add(lagNs);
    queue.longest.add(lagNs, span.traceId, [producer.span, span]);
  }

  result(): DataFinding[] {
    return Array.from(this.#queues.values()).flatMap((queue) => lagging(queue, this.#params));
  }
}

function lagging(queue: Queue, { minLagMs, minRatio }: QueueParams): DataFinding[] {
  const { lags, impossible } = queue;
  const medianNs = lags.percentile(PERCENTILES.p50) ?? 0;
  const longestNs = lags.valueAt(lags.count) ?? nanos(0);
  const leastNs = Math.max(minLagMs * 1e6, minRatio * medianNs);
  if (impossible > 0 || longestNs < leastNs) return [];
  const late = lags.countFrom(leastNs);
  return [
    {
      rule: 'queue-lag',
      severity: late / lags.count >= 0.1 ? 'medium' : 'low',
      confidence: 0.6,
      title: `${late} of ${lags.count} messages waited ${Math.round(leastNs / 1e6)} ms or more for their consumer`,
      service: queue.service,
      operation: queue.operation,
      count: late,
      evidence: {
        producer: queue.producer,
        destination: queue.destination,
        messages: lags.count,
        medianNs,
        longestNs,
      },
      traces: late,
      exemplars: queue.longest.list(),
      impactNs: longestNs,
      signatures: [queue.producer, queue.destination ?? ''],
    },
  ];
}
