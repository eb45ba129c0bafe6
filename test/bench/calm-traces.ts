import { Dice, type MadeAttributes, type MadeService, type MadeSpan } from './made-spans.ts';

const NAMES = 'cart catalog checkout currency email fraud orders payment quote shipping'.split(' ');
const START_MICROS = 1_755_600_000_000_000;
const TRACE_EVERY_MICROS = 5000;
/** One query in so many fails, and with it all that wait for it. */
const FAILS_ONCE_IN = 2000;

function service(name: string): MadeService {
  return {
    name,
    resource: [
      ['service.version', '2.1.0'],
      ['host.name', `${name}-5d8f7c9b6-abcde`],
      ['telemetry.sdk.language', 'go'],
    ],
    operations: [],
  };
}

const GATEWAY = service('gateway');
const SERVICES = NAMES.map(service);

/** A request while it is being made: spans go down into it one after the other. */
class Request {
  readonly #spans: MadeSpan[] = [];
  readonly #traceId: string;
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#traceId = dice.hex(32);
  }

  /** A gateway calls four services in turn; each of them asks its database twice. */
  spans(startMicros: number): readonly MadeSpan[] {
    const route = this.#dice.pick(NAMES);
    const root = this.#begin(null, GATEWAY, `GET /${route}`, 'server', startMicros, [
      ['http.request.method', 'GET'],
      ['http.route', `/${route}`],
      ['url.scheme', 'https'],
      ['http.response.status_code', 200n],
    ]);
    const called = NAMES.indexOf(route);
    let at = startMicros + 200;
    let error: string | null = null;
    for (let i = 0; i < 4; i++) {
      const target = SERVICES[(called + i * 3) % SERVICES.length] ?? GATEWAY;
      const end = this.#call(root, target, at);
      error ??= end.error;
      at = end.micros + 100;
    }
    this.#end(root, at, error);
    return this.#spans;
  }

  #call(parent: number, target: MadeService, startMicros: number) {
    const rpc: MadeAttributes = [
      ['rpc.system', 'grpc'],
      ['rpc.service', `shop.${target.name}`],
      ['rpc.method', 'Get'],
      ['rpc.grpc.status_code', 0n],
    ];
    const name = `shop.${target.name}/Get`;
    const client = this.#begin(
      parent,
      this.#spans[parent]?.service ?? GATEWAY,
      name,
      'client',
      startMicros,
      [...rpc, ['server.address', target.name]],
    );
    const server = this.#begin(client, target, name, 'server', startMicros + 150, rpc);
    const work = this.#begin(server, target, 'handle', 'internal', startMicros + 200, []);
    let at = startMicros + 250;
    let error: string | null = null;
    for (const table of [target.name, 'customers']) {
      const query = this.#begin(work, target, `SELECT ${table}`, 'client', at, [
        ['db.system.name', 'postgresql'],
        ['db.namespace', target.name],
        ['db.query.text', `SELECT id, name FROM ${table} WHERE id = $1`],
        ['server.address', `${target.name}-db`],
        ['server.port', 5432n],
      ]);
      at += 500 + this.#dice.below(2500);
      if (this.#dice.once(FAILS_ONCE_IN)) error = 'connection refused';
      this.#end(query, at, error);
      at += 50;
    }
    for (const span of [work, server, client]) {
      at += 50;
      this.#end(span, at, error);
    }
    return { micros: at, error };
  }

  #begin(
    parent: number | null,
    of: MadeService,
    name: string,
    kind: MadeSpan['kind'],
    startMicros: number,
    attributes: MadeAttributes,
  ): number {
    const parentSpanId = parent === null ? null : (this.#spans[parent]?.spanId ?? null);
    const spanId = this.#dice.hex(16);
    const traceId = this.#traceId;
    const rest = { durationMicros: 0, events: [], error: null };
    return (
      this.#spans.push({
        traceId,
        spanId,
        parentSpanId,
        service: of,
        name,
        kind,
        startMicros,
        attributes,
        ...rest,
      }) - 1
    );
  }

  #end(index: number, micros: number, error: string | null): void {
    const span = this.#spans[index];
    if (span !== undefined)
      this.#spans[index] = { ...span, durationMicros: micros - span.startMicros, error };
  }
}

/**
 * Traces as a healthy system records them, 21 spans each: the same few requests again and again, children inside their parents and one
 * after the other, attributes of few values, hardly an error. About `spans` spans; same arguments, same spans.
 */
export function* calmTraces(spans: number, seed = 1): Generator<readonly MadeSpan[]> {
  const dice = new Dice(seed);
  let made = 0;
  for (let index = 0; made < spans; index += 1) {
    const trace = new Request(dice).spans(START_MICROS + index * TRACE_EVERY_MICROS);
    made += trace.length;
    yield trace;
  }
}
