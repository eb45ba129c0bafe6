import { ATTACKS } from './attack-strings.ts';

/** Nanoseconds: the start of the first trace. */
const EPOCH = 1_772_442_000_000_000_000n;

interface Call {
  readonly name: string;
  readonly kind: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly fails?: boolean;
}

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');

function keyValues(attributes: Readonly<Record<string, string>>) {
  return Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

/** What a trace does whose every text is `text`: calls that all analyses and rules have something to say of. */
function callsOf(text: string): Call[] {
  const statement = { 'db.system': text, 'db.query.text': `select ${text} from t where id = ?` };
  return [
    ...Array.from({ length: 12 }, () => ({ name: text, kind: 3, attributes: statement })),
    { name: `${text} db`, kind: 3, attributes: { 'db.system.name': text, 'db.namespace': text } },
    { name: `${text} out`, kind: 3, attributes: { 'server.address': text, 'url.full': text } },
    {
      name: `${text} send`,
      kind: 4,
      attributes: { 'messaging.system': text, 'messaging.destination.name': text },
    },
    { name: `${text} fails`, kind: 3, fails: true, attributes: { 'error.type': text } },
    { name: `${text} fails`, kind: 3, fails: true, attributes: { 'error.type': text } },
  ];
}

/** A trace as a line of OTLP JSON in which `text` stands everywhere: names, keys, values, events, messages, scopes, trace states. */
function hostileTrace(text: string, number: number, slowness: number): string {
  const start = EPOCH + BigInt(number) * 1_000_000_000n;
  const step = 2_000_000n * BigInt(slowness);
  const traceId = hex(number + 1, 32);
  const attributes = keyValues({ [text]: text, 'http.route': text, tenant: text });
  const calls = callsOf(text);
  const span = (call: Call, index: number, from: bigint, to: bigint) => ({
    traceId,
    spanId: hex(number * 100 + index + 1, 16),
    ...(index > 0 && { parentSpanId: hex(number * 100 + 1, 16) }),
    traceState: text,
    name: call.name,
    kind: call.kind,
    startTimeUnixNano: String(from),
    endTimeUnixNano: String(to),
    attributes: [...attributes, ...keyValues(call.attributes ?? {})],
    status: call.fails ? { code: 2, message: text } : {},
    events: call.fails
      ? [
          {
            name: 'exception',
            timeUnixNano: String(from),
            attributes: keyValues({
              'exception.type': text,
              'exception.message': text,
              'exception.stacktrace': `${text}\n  at ${text}`,
            }),
          },
          { name: text, timeUnixNano: String(from), attributes },
        ]
      : [],
    links: [{ traceId: hex(1, 32), spanId: hex(1, 16), traceState: text, attributes }],
  });
  const end = start + step * BigInt(calls.length + 1);
  const root = span({ name: text, kind: 2, fails: number % 2 === 0 }, 0, start, end);
  const children = calls.map((call, index) =>
    span(call, index + 1, start + step * BigInt(index), start + step * BigInt(index + 1)),
  );
  const scope = { name: text, version: text, attributes };
  const line = {
    resourceSpans: [
      {
        resource: { attributes: [...keyValues({ 'service.name': text }), ...attributes] },
        scopeSpans: [{ scope, spans: [root, ...children] }],
      },
    ],
  };
  return `${JSON.stringify(line)}\n`;
}

/**
 * OTLP JSON lines with `traces` traces for every attack string, which stands wherever a producer may write text. With another `slowness`
 * it is the same run, so many times as slow.
 */
export function hostileDump(traces: number, slowness = 1): string {
  const texts = Object.values(ATTACKS);
  return texts
    .flatMap((text, i) =>
      Array.from({ length: traces }, (_, j) => hostileTrace(text, i * traces + j, slowness)),
    )
    .join('');
}

/** Lines of Jaeger JSON whose traces have ids that are spelt with what white space a terminal obeys. */
export function hostileIds(): string {
  const traces = ['\r', '\t', '\u2028', '\v\f'].map((space, i) => {
    const traceID = `${space}abc${i}${space}`;
    const span = {
      traceID,
      spanID: `${space}${i + 1}${space}`,
      operationName: `id ${i}`,
      references: [],
      startTime: 1_772_442_000_000_000,
      duration: 10,
      tags: [],
      logs: [],
      processID: 'p1',
      warnings: Object.values(ATTACKS),
    };
    return { traceID, spans: [span], processes: { p1: { serviceName: 'ids', tags: [] } } };
  });
  return JSON.stringify({ data: traces });
}

/** A dump in which every attack string is a mistake that an issue quotes. */
export function damagedDump(): string {
  return Object.values(ATTACKS)
    .map((text, i) => {
      const span = {
        traceId: i % 2 === 0 ? text : hex(i + 1, 32),
        spanId: text,
        parentSpanId: text,
        name: 'x',
        kind: text,
        startTimeUnixNano: text,
        endTimeUnixNano: text,
      };
      return `${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })}\n`;
    })
    .concat(`${hostileTrace('sound', 9000, 1)}${Object.values(ATTACKS).join('')}\n`)
    .join('');
}
