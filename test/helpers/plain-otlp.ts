/**
 * Spans of OTLP/JSON as texts that a scanner without a parser has to know, by what they show. Together they have every field of the
 * protocol in every form that exporters write.
 */
export const PLAIN_SPANS: Readonly<Record<string, string>> = {
  'the fields in the order of the Collector': `{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",
    "traceState":"a=b,c=\\"d","parentSpanId":"00f067aa0ba902b7","flags":257,"name":"é \\"x\\" \\ud83d\\ude00","kind":2,
    "startTimeUnixNano":"1755600000000000001","endTimeUnixNano":"1755600000000000009",
    "attributes":[{"key":"a","value":{"stringValue":"1"}}],"droppedAttributesCount":1,
    "events":[{"timeUnixNano":"1755600000000000000","name":"e","attributes":[{"key":"b","value":{"intValue":"2"}}],"droppedAttributesCount":2}],
    "droppedEventsCount":3,
    "links":[{"traceId":"0af7651916cd43dd8448eb211c80319d","spanId":"b7ad6b7169203332","traceState":"x=y",
      "attributes":[{"key":"c","value":{"boolValue":true}}],"droppedAttributesCount":4,"flags":1}],
    "droppedLinksCount":5,"status":{"message":"no é","code":2}}`,
  'the fields in another order': `{"status":{"code":1},"links":[{"spanId":"b7ad6b7169203332","traceId":"0af7651916cd43dd8448eb211c80319d"}],
    "events":[{"attributes":[{"value":{"intValue":2},"key":"b"}],"name":"late","timeUnixNano":"1755600000000000010"},{"name":"no time"},
      {"droppedAttributesCount":1,"timeUnixNano":0}],
    "attributes":[{"key":"a","value":{"doubleValue":1.5}}],"endTimeUnixNano":1755600000000000009,"startTimeUnixNano":1755600000000000001,
    "name":"reversed","spanId":"b7ad6b7169203333","traceId":"0af7651916cd43dd8448eb211c80319c"}`,
  "the protocol's own names": `{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203334","parent_span_id":"",
    "trace_state":"","name":"","kind":"SPAN_KIND_CLIENT","start_time_unix_nano":"1","end_time_unix_nano":"1",
    "attributes":[{"key":"s","value":{"string_value":""}},{"key":"i","value":{"int_value":"-7"}},
      {"key":"k","value":{"kvlist_value":{"values":[{"key":"x","value":{"double_value":2}}]}}}],
    "dropped_attributes_count":0,"events":[{"time_unix_nano":"5","name":"e"}],"dropped_events_count":0,
    "links":[{"trace_id":"0af7651916cd43dd8448eb211c80319d","span_id":"b7ad6b7169203332","trace_state":"","dropped_attributes_count":0}],
    "dropped_links_count":1,"status":{"code":"STATUS_CODE_ERROR"}}`,
  'values of every type': `{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203335","parentSpanId":"b7ad6b7169203335",
    "startTimeUnixNano":"1755600000000000001","endTimeUnixNano":"1755600000000000001","attributes":[
    {"key":"s \\u00e9\\n","value":{"stringValue":"\\/\\\\\\"\\b\\f\\n\\r\\t\\u0001\\u2028\\u0041 ☃"}},
    {"key":"0","value":{"intValue":"9223372036854775807"}},{"key":"safe","value":{"intValue":"9007199254740991"}},
    {"key":"past","value":{"intValue":"-9007199254740992"}},{"key":"zero","value":{"intValue":0}},
    {"key":"d0","value":{"doubleValue":0}},{"key":"d1","value":{"doubleValue":-12}},{"key":"d2","value":{"doubleValue":0.000001}},
    {"key":"d3","value":{"doubleValue":0.0000001}},{"key":"d4","value":{"doubleValue":0.30000000000000004}},
    {"key":"d5","value":{"doubleValue":1.50}},{"key":"d6","value":{"doubleValue":-1e300}},{"key":"d7","value":{"doubleValue":"NaN"}},
    {"key":"d8","value":{"doubleValue":"-Infinity"}},{"key":"d9","value":{"doubleValue":-0.0}},{"key":"d10","value":{"doubleValue":"2.5"}},
    {"key":"d11","value":{"doubleValue":123456789012345680000}},{"key":"d12","value":{"doubleValue":-1234567.12345678}},
    {"key":"t","value":{"boolValue":true}},{"key":"f","value":{"boolValue":false}},{"key":"none","value":{}},
    {"key":"list","value":{"arrayValue":{"values":[{"stringValue":"x"},{"intValue":"1"},{},{"arrayValue":{"values":[]}}]}}},
    {"key":"empty list","value":{"arrayValue":{}}},{"key":"empty map","value":{"kvlistValue":{}}},
    {"key":"map","value":{"kvlistValue":{"values":[{"key":"map","value":{"kvlistValue":{"values":[]}}},{"key":"n","value":{"doubleValue":1}}]}}},
    {"key":"bytes","value":{"bytesValue":"AQIDBA=="}},{"key":"slash","value":{"bytesValue":"\\/+8="}},{"key":"no bytes","value":{"bytesValue":""}}],
    "events":[],"links":[],"status":{}}`,
};

/** A dump of such spans; each stands on one line unless it says otherwise itself. */
export function plainDump(spans: Readonly<Record<string, string>>): string {
  const list = Object.values(spans).map((span) => span.replaceAll(/\n\s*/g, ''));
  const resource = '{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}]}';
  const scope = `{"spans":[${list.join(',')}],"schemaUrl":"https://opentelemetry.io/schemas/1.37.0"}`;
  return `{"resourceSpans":[{"resource":${resource},"scopeSpans":[${scope}]}]}`;
}
