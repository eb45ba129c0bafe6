import type { Span } from '../../model/span.ts';
import type { Trace } from '../../model/trace.ts';
import { BestExemplars } from './best-exemplars.ts';
import type { SecretKind } from './secret-patterns.ts';

/** Places (kind, key, service) that are kept, at most. With `MAX_VALUES` values of 100 bytes each: 20 MB together. */
const MAX_PLACES = 2_000;
/** Different values that are told apart in one place. */
const MAX_VALUES = 100;

/** Secrets of one kind under one key of one service. The values stay in memory and never leave it. */
export interface SecretPlace {
  readonly kind: SecretKind;
  readonly key: string;
  readonly service: string;
  count: number;
  traces: number;
  lastTrace: number;
  /** By value: how often. */
  readonly values: Map<string, number>;
  /** Whether there may be more values than these. */
  readonly isFull: boolean;
  readonly exemplars: BestExemplars;
}

/** Whose secret it is. */
export interface SecretOwner {
  readonly span: Span;
  readonly service: string;
}

/** Where secrets were found. Nested maps, because joining the texts of a key costs more than three look-ups. */
export class SecretPlaces {
  readonly #places: Place[] = [];
  readonly #byKey = new Map<string, Map<string, Map<SecretKind, Place>>>();
  #traces = 0;
  #trace: Trace | null = null;

  /** What is found from here on is found in `trace`. */
  startTrace(trace: Trace): void {
    this.#traces += 1;
    this.#trace = trace;
  }

  add(kind: SecretKind, key: string, value: string, { span, service }: SecretOwner): void {
    const place = this.#placeOf(kind, key, service);
    if (place === null) return;
    place.count += 1;
    const known = place.values.get(value);
    if (known !== undefined || !place.isFull) place.values.set(value, (known ?? 0) + 1);
    if (place.lastTrace === this.#traces || this.#trace === null) return;
    place.lastTrace = this.#traces;
    place.traces += 1;
    place.exemplars.add(0, this.#trace.traceId, [span]);
  }

  #placeOf(kind: SecretKind, key: string, service: string): Place | null {
    let services = this.#byKey.get(key);
    const known = services?.get(service)?.get(kind);
    if (known !== undefined) return known;
    if (this.#places.length === MAX_PLACES) return null;
    if (services === undefined) {
      services = new Map();
      this.#byKey.set(key, services);
    }
    const kinds = services.get(service) ?? new Map<SecretKind, Place>();
    services.set(service, kinds);
    const place = new Place(kind, key, service);
    kinds.set(kind, place);
    this.#places.push(place);
    return place;
  }

  list(): readonly SecretPlace[] {
    return this.#places;
  }
}

class Place implements SecretPlace {
  readonly kind: SecretKind;
  readonly key: string;
  readonly service: string;
  count = 0;
  traces = 0;
  lastTrace = 0;
  readonly values = new Map<string, number>();
  readonly exemplars = new BestExemplars();

  constructor(kind: SecretKind, key: string, service: string) {
    this.kind = kind;
    this.key = key;
    this.service = service;
  }

  get isFull(): boolean {
    return this.values.size === MAX_VALUES;
  }
}
