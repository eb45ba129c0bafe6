const TRACE = '"traceID":"0af7651916cd43dd8448eb211c80319c"';
const TIMES = '"startTime":1700000000000001,"duration":1500';
const P1 = '"processID":"p1"';

/** A span with `fields`, as Jaeger writes it. */
export function jaegerSpanText(spanId: string, fields: string): string {
  return `{${TRACE},"spanID":"${spanId}",${TIMES},${P1},${fields}}`;
}

/** A span with `tags`, of which each is `[key, type, value]` in JSON. */
export function jaegerTagsText(spanId: string, ...tags: readonly string[]): string {
  return jaegerSpanText(spanId, `"tags":[${tags.map(tagText).join(',')}]`);
}

function tagText(tag: string): string {
  const [key, type, value]: unknown[] = JSON.parse(tag);
  return JSON.stringify({ key, type, value });
}

/**
 * Spans of Jaeger's query API as texts that a scanner without a parser has to know, by what they show. Together they have every field
 * in every form that Jaeger's own programs write.
 */
export const PLAIN_JAEGER_SPANS: Readonly<Record<string, string>> = {
  'the fields in the order of Jaeger': `{${TRACE},"spanID":"b7ad6b7169203331","flags":1,"operationName":"é \\"x\\" \\ud83d\\ude00",
    "references":[{"refType":"CHILD_OF",${TRACE},"spanID":"00f067aa0ba902b7"}],${TIMES},
    "tags":[{"key":"a","type":"string","value":"1"},{"key":"span.kind","type":"string","value":"server"}],
    "logs":[{"timestamp":1700000000000002,"fields":[{"key":"event","type":"string","value":"e \\"1\\""},{"key":"b","type":"int64","value":2}]},
      {"timestamp":1700000000000000,"fields":[{"key":"level","type":"string","value":"info"},{"key":"event","type":"string","value":"late"}]},
      {"timestamp":0,"fields":[]},{"timestamp":1700000000000001,"fields":[{"key":"event","type":"bool","value":true}]}],
    ${P1},"warnings":null}`,
  'the fields in the order of the alphabet': `{"duration":1500,"flags":0,"logs":[{"fields":[{"value":"e","type":"string","key":"event"}],
    "timestamp":1700000000000002}],"operationName":"sorted","processID":"p2","references":[{"refType":"CHILD_OF","spanID":"b7ad6b7169203331",${TRACE}}],
    "spanID":"b7ad6b7169203332","startTime":1700000000000001,"tags":[{"value":true,"type":"bool","key":"b"}],${TRACE},"warnings":[]}`,
  'nothing but what is needed': `{${TRACE},"spanID":"b7ad6b7169203333",${TIMES},${P1}}`,
  'nothing, said with null': `{${TRACE},"spanID":"b7ad6b7169203334","references":null,${TIMES},"tags":null,"logs":null,${P1},"warnings":null}`,
  'values of every type': jaegerTagsText(
    'b7ad6b7169203335',
    '["s \\u00e9\\n","string","\\\\ \\u0001 ☃"]',
    '["0","int64",9007199254740991]',
    '["int","int64",-7]',
    '["text","int64","9223372036854775807"]',
    '["d","float64",1.5]',
    '["whole","float64",3]',
    '["exponent","float64",1e-9]',
    '["nan","float64","NaN"]',
    '["yes","bool",true]',
    '["no","bool",false]',
    '["bytes","binary","AAAwOQ=="]',
    '["error","bool",false]',
  ),
  'ids without their zeros': `{"traceID":"af7651916cd43dd","spanID":"7","references":[{"refType":"CHILD_OF","traceID":"af7651916cd43dd","spanID":"1f"}],${TIMES},${P1}}`,
  'a trace id of 64 bits': `{"traceID":"0af7651916cd43dd","spanID":"b7ad6b7169203336","references":[],${TIMES},${P1}}`,
  'references of every kind': jaegerSpanText(
    'b7ad6b7169203337',
    `"references":[{"refType":"FOLLOWS_FROM",${TRACE},"spanID":"b7ad6b7169203331"},{"refType":"CHILD_OF","traceID":"1","spanID":"2"},
      {"refType":"CHILD_OF",${TRACE},"spanID":"b7ad6b7169203332"},{"refType":"CHILD_OF",${TRACE},"spanID":"b7ad6b7169203333"},
      {"refType":"CHILD_OF",${TRACE},"spanID":"b7ad6b7169203337"},{"refType":"CHILD_OF","traceID":"0","spanID":"0"},{"spanID":"b7ad6b7169203332"}]`,
  ),
  'a parent that came before': jaegerSpanText(
    'b7ad6b7169203338',
    `"references":[{"refType":"FOLLOWS_FROM",${TRACE},"spanID":"b7ad6b7169203331"}]`,
  ),
  'an error with a description': jaegerTagsText(
    'b7ad6b7169203339',
    '["otel.status_code","string","ERROR"]',
    '["error","bool",true]',
    '["otel.status_description","string","no \\"é\\""]',
    '["span.kind","string","client"]',
  ),
  'an error that HTTP describes': jaegerTagsText(
    'b7ad6b716920333a',
    '["http.status_message","string","Bad Gateway"]',
    '["error","string","TRUE"]',
  ),
  'a class of errors': jaegerTagsText('b7ad6b716920333b', '["error","string","ClientSideError"]'),
  'no error, said in text': jaegerTagsText('b7ad6b716920333c', '["error","string","False"]'),
  'a status that is well': jaegerTagsText('b7ad6b716920333d', '["otel.status_code","string","Ok"]'),
  'a status that is a number': jaegerTagsText('b7ad6b716920333e', '["otel.status_code","int64",0]'),
  'a scope in both spellings': jaegerTagsText(
    'b7ad6b716920333f',
    '["otel.library.name","string","lib \\"é\\""]',
    '["otel.scope.name","string","lib \\"é\\""]',
    '["a","string","b"]',
    '["otel.scope.version","string","1.0"]',
    '["otel.library.version","string","1.0"]',
  ),
  'a scope without a version': jaegerTagsText(
    'b7ad6b7169203340',
    '["otel.scope.name","string","lib"]',
  ),
  'fields that few spans have': jaegerSpanText(
    'b7ad6b7169203341',
    `"flags":3,"tags":[{"key":"w3c.tracestate","type":"string","value":"a=b"},{"key":"otel.dropped_attributes_count","type":"int64","value":1},
      {"key":"otel.dropped_links_count","type":"int64","value":3},{"key":"otel.dropped_events_count","type":"int64","value":2}],
      "warnings":["clock skew","\\u00e9 \\"x\\""]`,
  ),
};

const PROCESSES =
  '{"p1":{"serviceName":"cart","tags":[{"key":"hostname","type":"string","value":"h"}]},"p2":{"serviceName":"é","tags":[]}}';

/** What of a trace stands around its spans. */
export interface TraceFrame {
  readonly processes?: string;
  readonly warnings?: string;
  /** Whether the processes come before the spans. */
  readonly areProcessesFirst?: boolean;
}

/** A dump of traces, each with `spans`, one for each frame. */
export function jaegerDump(spans: readonly string[], frames: readonly TraceFrame[] = [{}]): string {
  const traces = frames.map(({ processes = PROCESSES, warnings = 'null', areProcessesFirst }) => {
    const [list, described] = [`"spans":[${spans.join(',')}]`, `"processes":${processes}`];
    const parts = areProcessesFirst === true ? [described, list] : [list, described];
    return `{${TRACE},${parts.join(',')},"warnings":${warnings}}`;
  });
  return `{"data":[${traces.join(',')}],"total":0,"limit":0,"offset":0,"errors":null}`;
}

/** Traces in all the ways that their processes and warnings can come, of plain spans and of some that are not. */
export function everyJaegerDump(): string {
  const odd = [
    jaegerTagsText('c7ad6b7169203331', '["a","string","1"]', '["a","string","2"]'),
    `{${TRACE},"spanID":"c7ad6b7169203332",${TIMES},"process":{"serviceName":"inline"}}`,
    `{${TRACE},"spanID":"c7ad6b7169203333",${TIMES},"processID":"nowhere"}`,
    `{${TRACE},"spanID":"c7ad6b7169203334","startTime":1700000000000001,${P1}}`,
  ];
  const plain = Object.values(PLAIN_JAEGER_SPANS);
  const some = plain.slice(0, 2);
  const warnings = '["of the trace"]';
  return [
    jaegerDump(plain),
    jaegerDump(some, [{ warnings }, { areProcessesFirst: true, warnings }, {}]),
    jaegerDump([...odd, ...plain.slice(-1)], [{ warnings }, { areProcessesFirst: true, warnings }]),
    jaegerDump([...some, ...odd], [{ areProcessesFirst: true, warnings }, { processes: 'null' }]),
    jaegerDump(some, [
      {
        processes:
          '{"p1":{"serviceName":7},"p2":{"serviceName":"s","tags":[{"key":"k","type":"string","value":{"deep":[1]}}]}}',
      },
      { processes: '{"p\\u0031":{"serviceName":"escaped"},"1":{},"p2":{"tags":null}}' },
      { processes: '{"p1":{"serviceName":"once"},"p1":{"serviceName":"twice"},"p2":7}' },
    ]),
  ].join('\n');
}
