import { buildTrace } from '../../src/analysis/build-trace.ts';
import type { Span } from '../../src/model/span.ts';
import type { Trace } from '../../src/model/trace.ts';
import { randomSequence } from './shop-spans.ts';
import { type SpanParts, spanIdOf, spanOf, traceIdOf } from './span-of.ts';

/** How a run differs from an ordinary one. */
export interface RunChange {
  /** By the name of an operation: what its own durations are multiplied with. */
  readonly slower?: Readonly<Record<string, number>>;
  /** The stock and the prices are asked for one after the other. */
  readonly serial?: boolean;
  /** The users are read once for each of so many items. */
  readonly queries?: number;
  /** A service that nobody called before. */
  readonly audit?: boolean;
  /** The first attempt to pay fails with this. */
  readonly payError?: string;
  /** The share of traces in which the database fails. */
  readonly failing?: number;
  /** The cart's spans are lost. */
  readonly lost?: boolean;
  /** The coefficient of variation of single durations; 0.15 by default. */
  readonly spread?: number;
}

const MS = 1e6;
const START = 1_770_000_000_000_000_000n;

/** Made traces of a shop: a checkout and a search, a hundred milliseconds each. The same seed and change give the same spans. */
export function madeRun(traces: number, seed: number, change: RunChange = {}): Trace[] {
  return madeRunSpans(traces, seed, change).map(buildTrace);
}

export function madeRunSpans(traces: number, seed: number, change: RunChange = {}): Span[][] {
  const random = randomSequence(seed);
  return Array.from({ length: traces }, (_, number) => {
    const trace = new MadeTrace(number, { random, change, seed });
    if (number % 4 === 3) search(trace);
    else checkout(trace, change);
    return trace.spans;
  });
}

function checkout(trace: MadeTrace, change: RunChange): void {
  trace.call('web', 'POST /checkout', 'server', 2, () => {
    const user = 1000 + trace.number;
    trace.call('web', `GET /cart/${user}`, 'client', 1, () =>
      trace.call('cart', `GET /cart/${user}`, 'server', 3, () => {
        for (let i = 0; i < (change.queries ?? 1); i++)
          trace.call('cart', 'SELECT items', 'client', 12 / (change.queries ?? 1));
        if (change.audit)
          trace.call('cart', 'POST /audit', 'client', 0.5, () =>
            trace.call('audit', 'POST /audit', 'server', 0.5),
          );
      }),
    );
    trace.fork(change.serial !== true, [
      () => trace.call('stock', 'GET /stock', 'server', 18),
      () => trace.call('price', 'GET /prices', 'server', 20),
    ]);
    const attempts = change.payError === undefined ? 1 : 2;
    for (let attempt = 1; attempt <= attempts; attempt++)
      trace.call(
        'pay',
        'POST /charge',
        'server',
        25,
        () => {},
        attempt < attempts ? change.payError : undefined,
      );
  });
}

function search(trace: MadeTrace): void {
  trace.call('web', 'GET /search', 'server', 4, () => {
    trace.call('index', 'query', 'server', 40);
  });
}

interface Surroundings {
  readonly random: () => number;
  readonly change: RunChange;
  readonly seed: number;
}

/** A trace while it is being made: `now` is the clock, in milliseconds. */
class MadeTrace {
  readonly spans: Span[] = [];
  readonly number: number;
  readonly #about: Surroundings;
  #now = 0;
  #parent: string | null = null;

  constructor(number: number, about: Surroundings) {
    this.number = number;
    this.#about = about;
  }

  /** A span that works `ownMs` itself, half of it before what is inside. */
  call(
    service: string,
    name: string,
    kind: 'server' | 'client',
    ownMs: number,
    inside: () => void = () => {},
    error?: string,
  ): void {
    const { slower, failing, lost } = this.#about.change;
    const own = ownMs * this.#noise() * (slower?.[name] ?? 1);
    const from = this.#now;
    const above = this.#parent;
    const index = this.spans.length + 1;
    const spanId = spanIdOf(((this.number + 1) * 64 + index).toString(16));
    const place = this.spans.push(spanOf()) - 1;
    this.#parent = spanId;
    this.#now = from + own / 2;
    inside();
    this.#now += own / 2;
    this.#parent = above;
    const isFailing = name === 'SELECT items' && this.#about.random() < (failing ?? 0);
    const parts: SpanParts = {
      traceId: traceIdOf(
        (BigInt(this.#about.seed) * 1_000_000n + BigInt(this.number + 1)).toString(16),
      ),
      spanId,
      parentSpanId: lost && name === 'SELECT items' ? 'dead' : above,
      service,
      name,
      kind,
      startUnixNano: START + BigInt(this.number) * 1_000_000_000n + BigInt(Math.round(from * MS)),
      durationNs: Math.round((this.#now - from) * MS),
      ...(error !== undefined && { statusCode: 'error' as const, statusMessage: error }),
      ...(isFailing && { statusCode: 'error' as const, statusMessage: 'connection reset' }),
    };
    this.spans[place] = spanOf(parts);
  }

  /** Calls at once, or one after the other. */
  fork(isParallel: boolean, calls: readonly (() => void)[]): void {
    const from = this.#now;
    let end = from;
    for (const call of calls) {
      if (isParallel) this.#now = from;
      call();
      end = Math.max(end, this.#now);
    }
    this.#now = end;
  }

  /** Log-normal with a mean near 1. */
  #noise(): number {
    const { random, change } = this.#about;
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.exp((change.spread ?? 0.15) * normal);
  }
}
