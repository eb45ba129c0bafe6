/** A value of an attribute: text, int64, double or boolean. */
export type MadeValue = string | bigint | number | boolean;
export type MadeAttributes = readonly (readonly [key: string, value: MadeValue])[];

/** A span that a dump of any format is made of. */
export interface MadeSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Null for the root of its trace. */
  readonly parentSpanId: string | null;
  readonly service: MadeService;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Whole microseconds since 1970, which every format can say. */
  readonly startMicros: number;
  readonly durationMicros: number;
  readonly attributes: MadeAttributes;
  readonly events: readonly MadeEvent[];
  /** The message of a failed span, null for one that went well. */
  readonly error: string | null;
}

export interface MadeEvent {
  readonly micros: number;
  readonly name: string;
  readonly attributes: MadeAttributes;
}

export interface MadeService {
  readonly name: string;
  readonly resource: MadeAttributes;
  readonly operations: readonly { readonly name: string; readonly kind: MadeSpan['kind'] }[];
}

const SERVICES = 30;
const KINDS = [
  'server',
  'server',
  'server',
  'client',
  'client',
  'internal',
  'producer',
  'consumer',
] as const;
const WORDS = 'cart order user stock price mail login search image rating payment shipping'.split(
  ' ',
);
const VERBS = 'GET POST PUT DELETE'.split(' ');
const CUSTOMERS = [
  'Zoë Müller',
  '山田 太郎',
  'Анна Иванова',
  'José "Pepe" Núñez',
  'O\u2019Brien\t& Söhne',
  '🦊 fox',
];
const AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36';
const START_MICROS = 1_755_600_000_000_000;
/** The others have a few to a few dozen. */
const SMALL_SIZE = 5;
const SMALL_SPREAD = 40;
/** One trace in so many is big, with this many spans. */
const BIG_EVERY = 2000;
const BIG_SIZE = 2000;

/** Numbers that look random and are the same in every run (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `end` − 1. */
  below(end: number): number {
    return this.#next() % end;
  }

  /** Whether something happens that happens once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** `digits` hex digits, a multiple of 8; never all zero. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits)
      text += (this.#next() | 1).toString(16).replace('-', '').padStart(8, '0');
    return text;
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}

/** The services of every dump: 30 with 8 operations each. */
export function madeServices(dice: Dice): readonly MadeService[] {
  return Array.from({ length: SERVICES }, (_, index) => {
    const name = `${WORDS[index % WORDS.length]}-${['api', 'worker', 'store'][index % 3]}`;
    return {
      name: `${name}-${index}`,
      resource: [
        ['service.version', `1.${index}.0`],
        ['host.name', `node-${index % 7}.example.internal`],
        ['k8s.pod.name', `${name}-${dice.hex(8)}`],
        ['process.pid', BigInt(1000 + index)],
      ],
      operations: KINDS.map((kind, operation) => ({
        name: `${dice.pick(VERBS)} /api/${dice.pick(WORDS)}/${operation}/{id}`,
        kind,
      })),
    };
  });
}

/**
 * Traces one after another, about `spans` spans in all: never fewer, at most one trace more. Same arguments, same spans.
 * All but the big ones have `SMALL_SIZE` spans and up to `spread` − 1 more.
 */
export function* madeTraces(
  spans: number,
  seed = 1,
  spread = SMALL_SPREAD,
): Generator<readonly MadeSpan[]> {
  const dice = new Dice(seed);
  const services = madeServices(dice);
  let made = 0;
  for (let index = 0; made < spans; index += 1) {
    const size = index % BIG_EVERY === BIG_EVERY - 1 ? BIG_SIZE : SMALL_SIZE + dice.below(spread);
    const trace = madeTrace(dice, services, START_MICROS + index * 5000, size);
    made += trace.length;
    yield trace;
  }
}

function madeTrace(
  dice: Dice,
  services: readonly MadeService[],
  startMicros: number,
  size: number,
): readonly MadeSpan[] {
  const traceId = dice.hex(32);
  const trace = [
    madeSpan(dice, { traceId, parent: null, service: dice.pick(services), startMicros }),
  ];
  while (trace.length < size) {
    // Children mostly of a recent span, so that traces are deep as well as wide.
    const parent = trace[Math.max(0, trace.length - 1 - dice.below(6))] as MadeSpan;
    const isSameService = parent.kind !== 'client' && parent.kind !== 'producer';
    const service = isSameService && !dice.once(3) ? parent.service : dice.pick(services);
    trace.push(madeSpan(dice, { traceId, parent, service, startMicros: childStart(dice, parent) }));
  }
  return trace;
}

function childStart(dice: Dice, parent: MadeSpan): number {
  return parent.startMicros + dice.below(Math.max(1, parent.durationMicros >> 1));
}

interface Place {
  readonly traceId: string;
  readonly parent: MadeSpan | null;
  readonly service: MadeService;
  readonly startMicros: number;
}

function madeSpan(dice: Dice, { traceId, parent, service, startMicros }: Place): MadeSpan {
  const operation = dice.pick(service.operations);
  const room =
    parent === null ? 2_000_000 : parent.startMicros + parent.durationMicros - startMicros;
  const durationMicros = 1 + dice.below(Math.max(1, room));
  const isFailed = dice.once(40);
  return {
    traceId,
    spanId: dice.hex(16),
    parentSpanId: parent === null ? null : parent.spanId,
    service,
    name: operation.name,
    kind: operation.kind,
    startMicros,
    durationMicros,
    attributes: madeAttributes(dice, operation.kind),
    events: madeEvents(dice, startMicros + (durationMicros >> 1), isFailed),
    error: isFailed ? `upstream "${dice.pick(WORDS)}" refused:\n\tdeadline exceeded` : null,
  };
}

/** 8 to 14 attributes: what instrumentations write, and what people add. */
function madeAttributes(dice: Dice, kind: MadeSpan['kind']): MadeAttributes {
  const attributes: (readonly [string, MadeValue])[] = [
    ['thread.id', BigInt(dice.below(64))],
    ['thread.name', `http-nio-8080-exec-${dice.below(64)}`],
    ['app.customer', dice.pick(CUSTOMERS)],
    ['app.price', dice.below(100_000) / 64],
    ['app.cached', dice.once(2)],
    ['network.peer.address', `10.${dice.below(256)}.${dice.below(256)}.${dice.below(256)}`],
    ['network.peer.port', BigInt(1024 + dice.below(60_000))],
    ...(kind === 'internal'
      ? []
      : kind === 'server'
        ? serverAttributes(dice)
        : clientAttributes(dice)),
  ];
  const extra = 1 + dice.below(3);
  for (let index = 0; index < extra; index += 1)
    attributes.push([`app.tag.${index}`, dice.hex(24)]);
  return attributes;
}

function serverAttributes(dice: Dice): MadeAttributes {
  return [
    ['http.request.method', dice.pick(VERBS)],
    ['http.response.status_code', dice.pick([200n, 200n, 200n, 204n, 404n, 500n])],
    ['url.path', `/api/${dice.pick(WORDS)}/${dice.below(1_000_000)}`],
    ['user_agent.original', AGENT],
  ];
}

function clientAttributes(dice: Dice): MadeAttributes {
  const table = dice.pick(WORDS);
  return [
    ['db.system.name', 'postgresql'],
    ['db.namespace', 'shop'],
    [
      'db.query.text',
      `SELECT "id", "name"\n  FROM "${table}" WHERE "owner" = ? AND "note" <> '\\'`,
    ],
    ['server.address', `${table}-db.example.internal`],
  ];
}

function madeEvents(dice: Dice, micros: number, isFailed: boolean): readonly MadeEvent[] {
  const events: MadeEvent[] = [];
  if (dice.once(10))
    events.push({ micros, name: 'cache.miss', attributes: [['cache.key', dice.hex(16)]] });
  if (isFailed) {
    events.push({
      micros,
      name: 'exception',
      attributes: [
        ['exception.type', 'java.util.concurrent.TimeoutException'],
        ['exception.message', 'deadline exceeded'],
        ['exception.stacktrace', stackTrace(dice)],
      ],
    });
  }
  return events;
}

function stackTrace(dice: Dice): string {
  const frames = Array.from(
    { length: 8 + dice.below(16) },
    () =>
      `\tat com.example.shop.${dice.pick(WORDS)}.Handler$Inner.call(Handler.java:${dice.below(900)})`,
  );
  return ['java.util.concurrent.TimeoutException: deadline exceeded', ...frames].join('\n');
}
