import type { TraceId } from '../model/ids.ts';
import { type Span, TIME_FLAGS } from '../model/span.ts';
import { type Nanos, nanos, type UnixNano } from '../model/time.ts';
import { type CallDurations, callDurations } from './call-durations.ts';
import type { DependencyNodeId } from './dependency-names.ts';
import { DurationSamples } from './duration-samples.ts';
import { PERCENTILES } from './duration-statistics.ts';
import { percentile } from './nearest-rank.ts';
import type { DependencyType, InferredReason, ServiceCall } from './service-calls.ts';
import { TracedDurations } from './traced-durations.ts';

/** All calls of one type from one node to another. */
export interface DependencyEdge {
  readonly source: DependencyNodeId;
  readonly target: DependencyNodeId;
  readonly type: DependencyType;
  /** One for each server span; where there is none, one for each client span. A client span with two servers counts twice. */
  readonly calls: number;
  /** Calls whose client or server span is an error. */
  readonly errors: number;
  /** A client error with a successful server: the caller gave up. */
  readonly clientErrors: number;
  /** A server error with a successful client: the caller coped. */
  readonly serverErrors: number;
  /** Durations of the client spans, each once. */
  readonly client: CallDurations;
  /** Durations of the server spans, each once. */
  readonly server: CallDurations;
  /** Client minus server duration of calls that have both, as far as not negative: independent of clocks. */
  readonly network: CallDurations;
  /** From the end of sending to the start of receiving, as the clocks say, as far as not negative; only without brokers. */
  readonly queue: CallDurations;
  /** How many calls are known without a client and a server span that say so, by reason. Every reason is there. */
  readonly inferred: Readonly<Record<InferredReason, number>>;
  /** Traces with such a call. */
  readonly traces: number;
  /** Start of the first call; null when none has a start. */
  readonly firstSeen: UnixNano | null;
  readonly lastSeen: UnixNano | null;
  readonly examples: DependencyExamples;
}

/** Traces to look at; null when there is none. Of several that fit the smallest id. A call lasts as long as its client says. */
export interface DependencyExamples {
  readonly slowest: TraceId | null;
  readonly median: TraceId | null;
  /** The earliest call with an error. */
  readonly firstError: TraceId | null;
}

/** Pairs whose times cannot be: counted, not shown. */
export interface ImpossibleTimes {
  negativeNetwork: number;
  negativeQueue: number;
}

/** Which trace a call belongs to: its number in the order of adding, and its id. */
export interface TraceOfCall {
  readonly number: number;
  readonly traceId: TraceId;
}

const UNKNOWN_DURATION = TIME_FLAGS.noStart | TIME_FLAGS.noEnd;

/** Adds up the calls of one edge. What it holds does not depend on their order. */
export class EdgeCalls {
  #calls = 0;
  #errors = 0;
  #clientErrors = 0;
  #serverErrors = 0;
  #traces = 0;
  #lastTrace = -1;
  #firstSeen: UnixNano | null = null;
  #lastSeen: UnixNano | null = null;
  #firstError: { readonly start: UnixNano; readonly traceId: TraceId } | null = null;
  /** Spans of the current trace that were counted on this edge. */
  readonly #counted = new Set<Span>();
  /** Ids of clients in other traces that were counted: several consumers may link to one producer. */
  readonly #countedElsewhere = new Set<string>();
  readonly #client = new DurationSamples();
  readonly #server = new DurationSamples();
  readonly #network = new DurationSamples();
  readonly #queue = new DurationSamples();
  readonly #durations = new TracedDurations();
  readonly #inferred = { 'no-client-span': 0, 'service-change': 0, 'peer-attribute': 0 };

  add(call: ServiceCall, trace: TraceOfCall, impossible: ImpossibleTimes): void {
    this.#calls++;
    if (call.inferred !== null) this.#inferred[call.inferred]++;
    this.#addTrace(trace);
    this.#addTimes(call);
    this.#addErrors(call, trace);
    this.#addDurations(call, trace);
    this.#addBetween(call, impossible);
  }

  #addTrace({ number }: TraceOfCall): void {
    if (number === this.#lastTrace) return;
    this.#lastTrace = number;
    this.#traces++;
  }

  /** All calls of the trace have been added: its spans are held no longer. */
  endTrace(): void {
    this.#counted.clear();
  }

  #addTimes(call: ServiceCall): void {
    const start = startOf(call);
    if (start === null) return;
    if (this.#firstSeen === null || start < this.#firstSeen) this.#firstSeen = start;
    if (this.#lastSeen === null || start > this.#lastSeen) this.#lastSeen = start;
  }

  #addErrors(call: ServiceCall, { traceId }: TraceOfCall): void {
    const clientFailed = call.client?.statusCode === 'error';
    const serverFailed = call.server?.statusCode === 'error';
    if (clientFailed) this.#clientErrors++;
    if (serverFailed) this.#serverErrors++;
    if (!clientFailed && !serverFailed) return;
    this.#errors++;
    const start = startOf(call);
    if (start !== null) this.#offerError({ start, traceId });
  }

  #offerError(error: { readonly start: UnixNano; readonly traceId: TraceId }): void {
    const first = this.#firstError;
    const isEarlier =
      first === null ||
      error.start < first.start ||
      (error.start === first.start && error.traceId < first.traceId);
    if (isEarlier) this.#firstError = error;
  }

  #addDurations({ client, server }: ServiceCall, { number, traceId }: TraceOfCall): void {
    const isNewClient = client !== null && this.#countOnce(client, traceId);
    const isNewServer = server !== null && this.#countOnce(server, traceId);
    const clientNs = knownDuration(client);
    const serverNs = knownDuration(server);
    if (isNewClient && clientNs !== null) this.#client.push(clientNs);
    if (isNewServer && serverNs !== null) this.#server.push(serverNs);
    const callNs = clientNs ?? serverNs;
    if (callNs !== null) this.#durations.push(callNs, number);
  }

  /** Whether the span was not counted before. */
  #countOnce(span: Span, traceId: TraceId): boolean {
    const counted: { has(key: unknown): boolean } =
      span.traceId === traceId ? this.#counted : this.#countedElsewhere;
    const key = span.traceId === traceId ? span : span.traceId + span.spanId;
    if (counted.has(key)) return false;
    if (typeof key === 'string') this.#countedElsewhere.add(key);
    else this.#counted.add(key);
    return true;
  }

  #addBetween({ client, server, type }: ServiceCall, impossible: ImpossibleTimes): void {
    if (client === null || server === null) return;
    if (type === 'messaging') {
      if (((client.timeFlags | server.timeFlags) & UNKNOWN_DURATION) !== 0) return;
      const queueNs = nanos(Number(server.startUnixNano - client.endUnixNano));
      if (queueNs < 0) impossible.negativeQueue++;
      else this.#queue.push(queueNs);
      return;
    }
    const clientNs = knownDuration(client);
    const serverNs = knownDuration(server);
    if (clientNs === null || serverNs === null) return;
    if (clientNs < serverNs) impossible.negativeNetwork++;
    else this.#network.push(nanos(clientNs - serverNs));
  }

  /** The edge with its figures; `traceIds` are the ids of the traces by number. */
  figures(traceIds: readonly TraceId[]): Omit<DependencyEdge, 'source' | 'target' | 'type'> {
    return {
      calls: this.#calls,
      errors: this.#errors,
      clientErrors: this.#clientErrors,
      serverErrors: this.#serverErrors,
      client: callDurations(this.#client.sorted()),
      server: callDurations(this.#server.sorted()),
      network: callDurations(this.#network.sorted()),
      queue: callDurations(this.#queue.sorted()),
      inferred: { ...this.#inferred },
      traces: this.#traces,
      firstSeen: this.#firstSeen,
      lastSeen: this.#lastSeen,
      examples: this.#examples(traceIds),
    };
  }

  #examples(traceIds: readonly TraceId[]): DependencyExamples {
    const sorted = this.#durations.sorted();
    const traceOf = (durationNs: number | null | undefined): TraceId | null => {
      if (durationNs === null || durationNs === undefined) return null;
      return smallest(this.#durations.tracesOf(durationNs).map((number) => traceIds[number]));
    };
    return {
      slowest: traceOf(sorted.at(-1)),
      median: traceOf(percentile(sorted, PERCENTILES.p50)),
      firstError: this.#firstError?.traceId ?? null,
    };
  }
}

function smallest(ids: readonly (TraceId | undefined)[]): TraceId | null {
  let least: TraceId | null = null;
  for (const id of ids) {
    if (id !== undefined && (least === null || id < least)) least = id;
  }
  return least;
}

/** When a call was made, or arrived if that is all that is known. */
function startOf({ client, server, witness }: ServiceCall): UnixNano | null {
  for (const span of [client, server, witness]) {
    if (span !== null && (span.timeFlags & TIME_FLAGS.noStart) === 0) return span.startUnixNano;
  }
  return null;
}

/** A span's duration, null when there is no span or its duration is not known. */
export function knownDuration(span: Span | null): Nanos | null {
  return span === null || (span.timeFlags & UNKNOWN_DURATION) !== 0 ? null : span.durationNs;
}
