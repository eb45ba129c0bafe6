import fc from 'fast-check';
import { anyList, anyObject, hostileValue, type JsonText, textOr } from './hostile-json.ts';
import { type HostileDump, hostileProtobuf } from './hostile-protobuf.ts';

const hexDigit = fc.nat(15).map((digit) => digit.toString(16));
const anyHex = (digits: number) =>
  fc.string({ unit: hexDigit, minLength: digits, maxLength: digits });
const quoted = (text: fc.Arbitrary<string>) => text.map((each) => JSON.stringify(each));

/** Few of them, so that spans share traces and parents are found. */
const traceId = fc.oneof(
  fc.constantFrom(
    '"0af7651916cd43dd8448eb211c80319c"',
    '"1"',
    '"trace-é"',
    '"00000000000000000000000000000000"',
  ),
  quoted(anyHex(32)),
);
const spanId = fc.oneof(
  fc.constantFrom('"b7ad6b7169203331"', '"00000000000000ab"', '"7"', '"sp an"'),
  quoted(anyHex(16)),
);
const name = textOr('GET /cart', 'query', '');
const nanos = fc.constantFrom(
  '"1700000000000000001"',
  '"1700000000000500003"',
  '1700000000000000256',
  '"0"',
);
const micros = fc.constantFrom('1700000000000000', '1700000000000500', '1700000000000000.5', '0');
const count = fc.constantFrom('0', '1', '257', '-1', '4294967296');
const words = textOr('http.method', 'error', 'otel.status_code', 'span.kind', 'peer.service', 'k');

const otlpValue = fc.letrec<{ value: JsonText }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    anyObject({ stringValue: textOr('v', '500') }),
    anyObject({
      intValue: fc.constantFrom('"1"', '1', '"9223372036854775807"', '9007199254740993'),
    }),
    anyObject({ doubleValue: fc.constantFrom('1', '-0', '1e999', '0.5', '"NaN"') }),
    anyObject({ boolValue: fc.constantFrom('true', 'false') }),
    anyObject({ bytesValue: fc.constantFrom('"AAAwOQ=="', '""', '"A"') }),
    anyObject({ arrayValue: anyObject({ values: anyList(tie('value'), 3) }) }),
    anyObject({
      kvlistValue: anyObject({
        values: anyList(anyObject({ key: words, value: tie('value') }), 3),
      }),
    }),
  ),
})).value;
const otlpAttributes = anyList(anyObject({ key: words, value: otlpValue }));

const otlpSpan = anyObject({
  traceId,
  spanId,
  parentSpanId: spanId,
  name,
  kind: fc.constantFrom('1', '2', '3', '"SPAN_KIND_SERVER"', '9'),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes: otlpAttributes,
  events: anyList(anyObject({ timeUnixNano: nanos, name, attributes: otlpAttributes }), 2),
  links: anyList(anyObject({ traceId, spanId, attributes: otlpAttributes }), 2),
  status: anyObject({ code: fc.constantFrom('0', '1', '2', '"STATUS_CODE_ERROR"'), message: name }),
  flags: count,
  droppedEventsCount: count,
});

const jaegerTag = anyObject({
  key: words,
  type: textOr('string', 'bool', 'int64', 'float64', 'binary'),
  value: fc.oneof(
    textOr('v', 'true', '7'),
    fc.constantFrom('true', '7', '1.5', '9007199254740993'),
  ),
});
const jaegerTags = anyList(jaegerTag);
const jaegerSpan = anyObject({
  traceID: traceId,
  spanID: spanId,
  operationName: name,
  references: anyList(
    anyObject({ refType: textOr('CHILD_OF', 'FOLLOWS_FROM'), traceID: traceId, spanID: spanId }),
    2,
  ),
  startTime: micros,
  duration: micros,
  tags: jaegerTags,
  logs: anyList(anyObject({ timestamp: micros, fields: jaegerTags }), 2),
  processID: textOr('p1', 'p2', '__proto__', 'constructor'),
  warnings: anyList(name, 2),
  flags: count,
});
const jaegerProcess = anyObject({ serviceName: name, tags: jaegerTags });
/** The keys are the dump's own. */
const jaegerProcesses = fc
  .array(fc.tuple(textOr('p1', 'p2', '__proto__', 'constructor'), jaegerProcess), { maxLength: 4 })
  .map((members) => `{${members.map(([key, process]) => `${key}:${process}`).join(',')}}`);

const endpoint = anyObject({
  serviceName: name,
  ipv4: textOr('10.0.0.1', '1.2.3.04'),
  port: count,
});
const zipkinSpan = anyObject({
  traceId,
  id: spanId,
  parentId: spanId,
  name,
  kind: textOr('CLIENT', 'SERVER', 'PRODUCER'),
  timestamp: micros,
  duration: micros,
  shared: fc.constantFrom('true', 'false'),
  localEndpoint: endpoint,
  remoteEndpoint: endpoint,
  annotations: anyList(anyObject({ timestamp: micros, value: name }), 2),
  tags: anyObject({ 'http.method': name, error: name, ['__proto__']: name, constructor: name }),
});
const zipkinV1Span = anyObject({
  traceId,
  id: spanId,
  parentId: spanId,
  name,
  timestamp: micros,
  duration: micros,
  annotations: anyList(
    anyObject({ timestamp: micros, value: textOr('cs', 'cr', 'sr', 'ss', 'ms', 'mr'), endpoint }),
    4,
  ),
  binaryAnnotations: anyList(
    anyObject({ key: textOr('sa', 'lc', 'error', 'k'), value: textOr('v', 'true'), endpoint }),
    3,
  ),
});

const time = fc.constantFrom(
  '"2023-11-14T22:13:20.000000001Z"',
  '"0001-01-01T00:00:00Z"',
  '"2023-11-14T22:13:20+01:00"',
);
const goContext = anyObject({ TraceID: traceId, SpanID: spanId });
const goAttributes = anyList(
  anyObject({
    Key: words,
    Value: anyObject({ Type: textOr('STRING', 'INT64', 'BOOL'), Value: hostileValue }),
  }),
);
const goSpan = anyObject({
  Name: name,
  SpanContext: goContext,
  Parent: goContext,
  SpanKind: count,
  StartTime: time,
  EndTime: time,
  Attributes: goAttributes,
  Events: anyList(anyObject({ Name: name, Time: time, Attributes: goAttributes }), 2),
  Status: anyObject({ Code: textOr('Unset', 'Error', 'Ok'), Description: name }),
  Resource: goAttributes,
});
const flatSpan = anyObject({
  trace_id: traceId,
  span_id: spanId,
  parent_span_id: spanId,
  name,
  start_time_unix_nano: nanos,
  end_time_unix_nano: nanos,
  attributes: anyObject({ 'http.method': name, ['__proto__']: hostileValue, k: hostileValue }),
  status_code: count,
});

/** A span that detection recognises stands first. */
interface Grammar {
  readonly format: string;
  readonly first: JsonText;
  readonly record: fc.Arbitrary<JsonText>;
  /** The dump of these records; `rest` are objects beside them. */
  readonly wrap: (records: readonly JsonText[], [one, other]: readonly JsonText[]) => string;
  readonly rest?: readonly fc.Arbitrary<JsonText>[];
}

const OTLP_FIRST =
  '{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"first","startTimeUnixNano":"1","endTimeUnixNano":"2"}';
const JAEGER_FIRST =
  '{"traceID":"0af7651916cd43dd8448eb211c80319c","spanID":"b7ad6b7169203331","operationName":"first","startTime":1,"duration":1,"processID":"p1"}';
const otlpRest = [anyObject({ attributes: otlpAttributes }), anyObject({ name, version: name })];
const resourceSpans = (spans: readonly JsonText[], resource = '{}', scope = '{}') =>
  `{"resource":${resource},"scopeSpans":[{"scope":${scope},"spans":[${spans.join(',')}]}]}`;

const GRAMMARS: readonly Grammar[] = [
  {
    format: 'otlp-json',
    first: OTLP_FIRST,
    record: otlpSpan,
    rest: otlpRest,
    wrap: (spans, [resource, scope]) =>
      `{"resourceSpans":[${resourceSpans(spans, resource, scope)}]}`,
  },
  {
    format: 'otlp-json',
    first: OTLP_FIRST,
    record: otlpSpan,
    wrap: (spans) =>
      spans.map((span) => `{"resourceSpans":[${resourceSpans([span])}]}`).join('\r\n'),
  },
  {
    format: 'tempo-json',
    first: OTLP_FIRST,
    record: otlpSpan,
    rest: otlpRest,
    wrap: (spans, [resource, scope]) => `{"batches":[${resourceSpans(spans, resource, scope)}]}`,
  },
  {
    format: 'jaeger-api-v3',
    first: OTLP_FIRST,
    record: otlpSpan,
    wrap: (spans) => `{"result":{"resourceSpans":[${resourceSpans(spans)}]}}`,
  },
  {
    format: 'jaeger-json',
    first: JAEGER_FIRST,
    record: jaegerSpan,
    rest: [jaegerProcesses],
    wrap: (spans, [processes]) =>
      `{"data":[{"traceID":"1","spans":[${spans.join(',')}],"processes":${processes}}]}`,
  },
  {
    format: 'jaeger-json',
    first: JAEGER_FIRST,
    record: jaegerSpan,
    rest: [jaegerProcesses],
    wrap: (spans, [processes]) =>
      `{"data":[{"processes":${processes},"spans":[\n${spans.join(',\n')}\n]}]}`,
  },
  {
    format: 'zipkin-v2',
    first:
      '{"traceId":"1","id":"2","localEndpoint":{"serviceName":"a"},"timestamp":1,"duration":1}',
    record: zipkinSpan,
    wrap: (spans) => `[${spans.join(',')}]`,
  },
  {
    format: 'zipkin-v1',
    first: '{"traceId":"1","id":"2","annotations":[],"binaryAnnotations":[]}',
    record: zipkinV1Span,
    wrap: (spans) => `[${spans.join(',')}]`,
  },
  {
    format: 'otel-go-stdout',
    first:
      '{"Name":"first","SpanContext":{"TraceID":"0af7651916cd43dd8448eb211c80319c","SpanID":"b7ad6b7169203331"},"StartTime":"2023-11-14T22:13:20Z","EndTime":"2023-11-14T22:13:21Z"}',
    record: goSpan,
    wrap: (spans) => spans.join('\n'),
  },
  {
    format: 'otel-flat',
    first:
      '{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","start_time_unix_nano":1}',
    record: flatSpan,
    wrap: (spans) => spans.join('\n'),
  },
];

function dumpOfGrammar({
  format,
  first,
  record,
  rest = [],
  wrap,
}: Grammar): fc.Arbitrary<HostileDump> {
  return fc
    .record({ records: fc.array(record, { maxLength: 6 }), rest: fc.tuple(...rest) })
    .map(({ records, rest }) => {
      const all = [first, ...records];
      return { format, bytes: Buffer.from(wrap(all, rest)), records: all.length };
    });
}

/** A dump of any format. */
export const hostileDump: fc.Arbitrary<HostileDump> = fc.oneof(
  ...GRAMMARS.map(dumpOfGrammar),
  hostileProtobuf,
);
