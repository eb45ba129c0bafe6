import type { AttributeValue } from '../../src/model/attributes.ts';
import type { Resource, Span, SpanEvent, SpanKind } from '../../src/model/span.ts';
import { unixNano } from '../../src/model/time.ts';
import { resourceOf, type SpanParts, spanIdOf, spanOf, traceIdOf } from './span-of.ts';

/** A pseudo-random sequence of numbers from 0 to 1 that is the same every time. */
export function randomSequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const MS = 1_000_000;
const FIRST = 1_755_600_000_123_456_789n;

interface Call {
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly parent: string | null;
  readonly from: number;
  readonly to: number;
  readonly more?: SpanParts;
}

/** Builds the spans of one trace; times are milliseconds from its start. */
class ShopTrace {
  readonly spans: Span[] = [];
  readonly #traceId: string;
  readonly #start: bigint;
  readonly #resources = new Map<string, Resource>();

  constructor(number: number, gapMs: number) {
    this.#traceId = traceIdOf(
      (0x5f3a_0000_0000n + BigInt(number) * 0x9e37n).toString(16).padEnd(32, '7'),
    );
    this.#start = FIRST + BigInt(Math.round(number * gapMs * MS));
  }

  add({ service, name, kind, parent, from, to, more = {} }: Call): string {
    const spanId = spanIdOf((0xa1b0_0000 + this.spans.length * 0x1f3).toString(16));
    const start = this.#start + BigInt(Math.round(from * MS));
    this.spans.push(
      spanOf({
        traceId: this.#traceId,
        spanId,
        parentSpanId: parent,
        name,
        kind,
        startUnixNano: start,
        durationNs: Math.round((to - from) * MS),
        resource: this.#resource(service),
        ...more,
      }),
    );
    return spanId;
  }

  at(ms: number): SpanEvent['timeUnixNano'] {
    return unixNano(this.#start + BigInt(Math.round(ms * MS)));
  }

  #resource(service: string): Resource {
    let resource = this.#resources.get(service);
    if (!resource) {
      resource = resourceOf(service, {
        'service.version': '2.4.1',
        'deployment.environment.name': 'production',
        'host.name': `${service}-7d4b9c-x2x5q`,
        'telemetry.sdk.language': 'nodejs',
      });
      this.#resources.set(service, resource);
    }
    return resource;
  }
}

const STACK = `PaymentDeclined: card issuer timed out
    at PaymentGateway.charge (/srv/payment/dist/gateway.js:118:13)
    at async ChargeHandler.handle (/srv/payment/dist/handlers/charge.js:42:20)
    at async Server.<anonymous> (/srv/payment/dist/server.js:77:5)
    at async /srv/payment/node_modules/@grpc/grpc-js/build/src/server-call.js:389:9`;

/** A checkout of a shop of six services: fan-out, an N+1, a failed payment, a queue, a skewed clock, a missing parent. */
export function shopTrace(
  number: number,
  random: () => number = randomSequence(number + 1),
): Span[] {
  const trace = new ShopTrace(number, 1700);
  const slow = 1 + (random() < 0.15 ? random() * 6 : random());
  const isFailed = number % 5 === 0;
  const end = 480 * slow;
  const root = trace.add({
    service: 'web',
    name: 'GET /checkout',
    kind: 'server',
    parent: null,
    from: 0,
    to: end,
    more: {
      statusCode: isFailed ? 'error' : 'unset',
      statusMessage: isFailed ? 'upstream payment failed' : '',
      attributes: new Map<string, AttributeValue>([
        ['http.request.method', 'GET'],
        ['http.route', '/checkout'],
        ['http.response.status_code', isFailed ? 502n : 200n],
        ['url.full', 'https://shop.example/checkout?cart=8b1f&currency=EUR&voucher=SUMMER'],
        ['user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36'],
        ['app.cached', false],
        ['app.ratio', 0.25],
        ['app.items', ['sku-1', 'sku-2', 3n]],
      ]),
    },
  });
  const cart = addCart(trace, root, slow);
  addProducts(trace, root, cart + 4, slow, random);
  addPayment(trace, root, end, isFailed, slow);
  addShipping(trace, root, end, number);
  return trace.spans;
}

function addCart(trace: ShopTrace, root: string, slow: number): number {
  const end = 60 * slow;
  const client = trace.add({
    service: 'web',
    name: 'cart.CartService/GetCart',
    kind: 'client',
    parent: root,
    from: 8,
    to: end,
  });
  // The cart's clock is 40 ms behind: its server span seems to start before its client.
  const server = trace.add({
    service: 'cart',
    name: 'cart.CartService/GetCart',
    kind: 'server',
    parent: client,
    from: -28,
    to: end - 48,
  });
  trace.add({
    service: 'cart',
    name: 'HGETALL cart:8b1f',
    kind: 'client',
    parent: server,
    from: -20,
    to: end - 58,
    more: {
      attributes: new Map([
        ['db.system.name', 'redis'],
        ['server.address', 'redis-cart'],
      ]),
    },
  });
  return end;
}

function addProducts(
  trace: ShopTrace,
  root: string,
  from: number,
  slow: number,
  random: () => number,
): void {
  let at = from;
  const server = trace.add({
    service: 'catalog',
    name: 'GET /products',
    kind: 'server',
    parent: root,
    from,
    to: from + 150 * slow,
  });
  for (let i = 0; i < 12; i++) {
    const length = (6 + random() * 6) * slow;
    trace.add({
      service: 'catalog',
      name: 'SELECT shop.products',
      kind: 'client',
      parent: server,
      from: at + 1,
      to: at + 1 + length,
      more: {
        attributes: new Map<string, AttributeValue>([
          ['db.system.name', 'postgresql'],
          ['db.namespace', 'shop'],
          ['db.query.text', 'SELECT id, name, price FROM products WHERE id = $1'],
        ]),
      },
    });
    at += length;
  }
  trace.add({
    service: 'catalog',
    name: '画像を処理 🚀 render',
    kind: 'internal',
    parent: server,
    from: from + 20,
    to: from + 70 * slow,
  });
}

function addPayment(
  trace: ShopTrace,
  root: string,
  end: number,
  isFailed: boolean,
  slow: number,
): void {
  const from = 225 * slow;
  const failure: SpanParts = isFailed
    ? { statusCode: 'error', statusMessage: 'card issuer timed out' }
    : {};
  for (let attempt = 0; attempt < (isFailed ? 3 : 1); attempt++) {
    const start = from + attempt * 70 * slow;
    const stop = Math.min(end - 15, start + 66 * slow);
    const client = trace.add({
      service: 'web',
      name: 'payment.PaymentService/Charge',
      kind: 'client',
      parent: root,
      from: start,
      to: stop,
      more: {
        ...failure,
        attributes: new Map<string, AttributeValue>([['retry.attempt', BigInt(attempt)]]),
      },
    });
    const server = trace.add({
      service: 'payment',
      name: 'payment.PaymentService/Charge',
      kind: 'server',
      parent: client,
      from: start + 3,
      to: stop - 3,
      more: { ...failure, events: isFailed ? [exception(trace, stop - 5)] : [] },
    });
    trace.add({
      service: 'payment',
      name: 'POST api.bank.example',
      kind: 'client',
      parent: server,
      from: start + 8,
      to: stop - 6,
      more: { ...failure, attributes: new Map([['server.address', 'api.bank.example']]) },
    });
  }
}

function exception(trace: ShopTrace, ms: number): SpanEvent {
  return {
    timeUnixNano: trace.at(ms),
    name: 'exception',
    attributes: new Map([
      ['exception.type', 'PaymentDeclined'],
      ['exception.message', 'card issuer timed out'],
      ['exception.stacktrace', STACK],
    ]),
    droppedAttributes: 0,
  };
}

function addShipping(trace: ShopTrace, root: string, end: number, number: number): void {
  const queue = new Map([
    ['messaging.system', 'kafka'],
    ['messaging.destination.name', 'orders'],
  ]);
  const producer = trace.add({
    service: 'web',
    name: 'publish orders',
    kind: 'producer',
    parent: root,
    from: end - 12,
    to: end - 8,
    more: { attributes: queue },
  });
  trace.add({
    service: 'shipping',
    name: 'process orders',
    kind: 'consumer',
    parent: producer,
    from: end + 30,
    to: end + 140,
    more: {
      attributes: queue,
      links: [
        {
          traceId: traceIdOf('abc'),
          spanId: spanIdOf('1f'),
          traceState: '',
          attributes: new Map([['link.reason', 'batch']]),
          flags: 0,
          droppedAttributes: 0,
        },
      ],
    },
  });
  if (number % 3 !== 0) return;
  const lost = spanIdOf('dead0');
  trace.add({
    service: 'mail',
    name: 'send confirmation',
    kind: 'server',
    parent: lost,
    from: end + 60,
    to: end + 110,
  });
  trace.add({
    service: 'mail',
    name: 'SMTP smtp.example',
    kind: 'client',
    parent: lost,
    from: end + 70,
    to: end + 100,
  });
}

const OPERATIONS = [
  'GET /api/items',
  'SELECT items',
  'render',
  'HGET session',
  'publish',
  'oteldemo.Cart/Get',
];

/** A trace of `count` spans, up to 24 deep, with an error now and then. */
export function largeShopTrace(count: number): Span[] {
  const random = randomSequence(7);
  const trace = new ShopTrace(4000, 1);
  const total = count / 10;
  const open: { id: string; end: number }[] = [
    {
      id: trace.add({
        service: 'web',
        name: 'nightly report',
        kind: 'server',
        parent: null,
        from: 0,
        to: total,
      }),
      end: total,
    },
  ];
  for (let i = 1; i < count; i++) {
    const at = (i / count) * total * 0.98;
    while (open.length > 1 && (open.at(-1)?.end ?? 0) < at) open.pop();
    const parent = open.at(-1);
    if (!parent) break;
    const end = Math.min(parent.end, at + 0.01 + random() ** 4 * total * 0.2);
    const service =
      ['web', 'cart', 'catalog', 'payment', 'shipping', 'mail'][Math.floor(random() * 6)] ?? 'web';
    const more: SpanParts =
      random() < 0.001 ? { statusCode: 'error', statusMessage: 'it broke' } : {};
    const name = `${OPERATIONS[Math.floor(random() * OPERATIONS.length)]} ${i}`;
    const id = trace.add({
      service,
      name,
      kind: 'internal',
      parent: parent.id,
      from: at,
      to: end,
      more,
    });
    if (open.length < 24 && random() < 0.5) open.push({ id, end });
  }
  return trace.spans;
}
