import { describe, expect, test } from 'vitest';
import { jaegerJson } from '../../../src/importers/jaeger/jaeger-json.ts';
import type { Span } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';
import { headOf } from '../../helpers/dump-head.ts';
import { onlySpan, PLAIN, tagsOf } from '../../helpers/jaeger-span.ts';

const { process: PROCESS, ...SPAN } = PLAIN;
const SPANS = ['a', 'b', 'c'].map((spanID) => ({ ...SPAN, spanID, processID: 'p1' }));
const TRACE = { traceID: SPAN.traceID, spans: SPANS, processes: { p1: PROCESS }, warnings: null };
const INLINE = ['a', 'b', 'c'].map((spanID) => ({ ...PLAIN, spanID }));

function serviceOf(span: Span): unknown {
  return span.resource.attributes.get('service.name');
}

function rawIds(spans: readonly Span[]): (string | null)[] {
  return spans.map(({ origin }) => origin.spanIdRaw);
}

describe('three spans are found in', () => {
  test.each<[string, unknown]>([
    ['an answer of the query API', { data: [TRACE], total: 0, limit: 0, offset: 0, errors: null }],
    [
      'keys in alphabetical order',
      { data: [{ processes: TRACE.processes, spans: SPANS, traceID: 'x' }] },
    ],
    ['the UI’s state, where data is the trace', { data: TRACE, id: 'x', state: 'FETCH_DONE' }],
    ['a foreign wrapper', { code: 200, msg: 'ok', count: 1, data: [TRACE] }],
    ['one trace', TRACE],
    [
      'a list of traces',
      [
        { ...TRACE, spans: SPANS.slice(0, 2) },
        { ...TRACE, spans: SPANS.slice(2) },
      ],
    ],
    ['a list of answers', [{ data: [TRACE] }]],
    ['a list of spans with their process', INLINE],
    ['a trace of spans with their process', { traceID: 'x', spans: INLINE, processes: { p9: {} } }],
    ['a trace without processes', { traceID: 'x', spans: INLINE }],
    [
      'traces line by line',
      SPANS.map((span) => JSON.stringify({ ...TRACE, spans: [span] })).join('\n'),
    ],
    ['spans line by line', INLINE.map((span) => JSON.stringify(span)).join('\n')],
    [
      'pretty-printed traces one after another',
      SPANS.map((span) => JSON.stringify({ ...TRACE, spans: [span] }, null, 2)).join('\n'),
    ],
  ])('%s', (_case, dump) => {
    expect(jaegerJson.whyNot(headOf(dump))).toBeNull();
    const { spans, issues, records } = decodeText(jaegerJson, dump);
    expect(rawIds(spans)).toEqual(['a', 'b', 'c']);
    expect(spans.map(serviceOf)).toEqual(['svc', 'svc', 'svc']);
    expect([issues, records]).toEqual([[], 3]);
  });
});

test.each<[string, unknown]>([
  ['an empty answer', { data: [], total: 0 }],
  ['a trace without spans', { data: [{ traceID: 'x', spans: [], processes: {} }] }],
])('%s is valid and empty', (_case, dump) => {
  expect(jaegerJson.whyNot(headOf(dump))).toBeNull();
  expect(decodeText(jaegerJson, dump)).toMatchObject({ spans: [], issues: [], records: 0 });
});

test.each<[string, unknown]>([
  ['no JSON', 'hello'],
  ['OTLP', { resourceSpans: [] }],
  ['Zipkin', [{ traceId: '1', id: '2' }]],
  ['an Elasticsearch document', { ...PLAIN, startTimeMillis: 1 }],
  ['an Elasticsearch document with tags as fields', { ...PLAIN, tag: {} }],
  ['Jaeger’s model', { spans: [{ ...PLAIN, startTime: '2017-01-26T16:46:31Z' }] }],
  ['Thrift', { process: PROCESS, spans: [{ traceIdLow: 1, spanId: 2, operationName: 'x' }] }],
  ['a search result', { traces: [{ traceID: '1', spanSets: [] }] }],
  ['an answer without traces', { data: null, errors: [{ code: 404 }] }],
])('%s is not this format', (_case, dump) => {
  expect(jaegerJson.whyNot(headOf(dump))).toEqual(expect.any(String));
});

describe('processes', () => {
  const traceOf = (process: object): object => ({
    traceID: 'x',
    spans: [{ ...SPAN, processID: 'p1' }],
    processes: { p1: process },
  });

  test('hostname becomes host.name in its place, other tags stay', () => {
    const tags = tagsOf([
      ['hostname', 'string', 'h1'],
      ['jaeger.version', 'string', 'Go-2.30'],
      ['ip', 'string', '10.0.0.1'],
    ]);
    const span = onlySpan(jaegerJson, traceOf({ serviceName: 'svc', tags }));
    expect([...span.resource.attributes]).toEqual([
      ['service.name', 'svc'],
      ['host.name', 'h1'],
      ['jaeger.version', 'Go-2.30'],
      ['ip', '10.0.0.1'],
    ]);
  });

  test('hostname stays beside a host.name', () => {
    const tags = tagsOf([
      ['hostname', 'string', 'h1'],
      ['host.name', 'string', 'h2'],
    ]);
    const span = onlySpan(jaegerJson, traceOf({ serviceName: 'svc', tags }));
    expect([...span.resource.attributes.keys()]).toEqual(['service.name', 'hostname', 'host.name']);
  });

  test.each([
    'OTLPResourceNoServiceName',
    'missing-service-name',
    'empty-service-name',
    '',
    undefined,
  ])('the service %o is none, and the tags are kept', (serviceName) => {
    const process = { serviceName, tags: tagsOf([['a', 'string', 'b']]) };
    const span = onlySpan(jaegerJson, traceOf(process));
    expect([...span.resource.attributes]).toEqual([['a', 'b']]);
  });

  test('the trace’s description goes before the process that the UI writes into a span', () => {
    const spans = [{ ...PLAIN, processID: 'p1', process: { serviceName: 'other' } }];
    const span = onlySpan(jaegerJson, { data: [{ ...TRACE, spans }] });
    expect(serviceOf(span)).toBe('svc');
  });

  test('a process that the trace does not describe is taken from the span, before or after its spans', () => {
    const spans = [{ ...PLAIN, processID: 'p9' }];
    expect(serviceOf(onlySpan(jaegerJson, { spans, processes: {} }))).toBe('svc');
    expect(serviceOf(onlySpan(jaegerJson, { processes: {}, spans }))).toBe('svc');
  });

  test.each([
    ['after', { traceID: 'x', spans: SPANS, processes: { p2: PROCESS } }],
    ['before', { processes: { p2: PROCESS }, spans: SPANS }],
    ['without', { traceID: 'x', spans: SPANS }],
  ])('spans of an unknown process are kept and reported each: processes %s', (_case, dump) => {
    const { spans, issues } = decodeText(jaegerJson, dump);
    expect(spans.map(serviceOf)).toEqual([undefined, undefined, undefined]);
    expect(issues).toEqual(SPANS.map(() => ({ code: 'unknown-process', example: '"p1"' })));
  });

  test('two traces may use one process id for two processes', () => {
    const other = { ...TRACE, processes: { p1: { serviceName: 'other' } } };
    const { spans } = decodeText(jaegerJson, { data: [TRACE, other] });
    expect(spans.map(serviceOf)).toEqual(['svc', 'svc', 'svc', 'other', 'other', 'other']);
  });

  test('spans of one process share one resource, inline or not', () => {
    for (const dump of [TRACE, INLINE]) {
      const { spans } = decodeText(jaegerJson, dump);
      expect(new Set(spans.map(({ resource }) => resource)).size).toBe(1);
    }
  });
});

describe('what waits', () => {
  /** Spans that are out after each prefix of the dump that ends with a span. */
  function countsWhile(dump: object): number[] {
    let count = 0;
    const decoder = jaegerJson.decode({
      span: () => {
        count += 1;
      },
      issue: () => {},
      record: () => {},
      split: () => {},
    });
    const counts: number[] = [];
    for (const piece of JSON.stringify(dump).split(/(?<="duration":1500[^}]*\})/)) {
      decoder.push(new TextEncoder().encode(piece));
      counts.push(count);
    }
    decoder.end();
    return counts;
  }

  test('spans wait for processes that come later', () => {
    expect(countsWhile({ spans: SPANS, processes: { p1: PROCESS } })).toEqual([0, 0, 0, 3]);
  });

  test('after their processes spans are handed over, but for the last', () => {
    expect(countsWhile({ processes: { p1: PROCESS }, spans: SPANS })).toEqual([0, 1, 2, 3]);
  });

  test('the warnings of a trace go to its spans behind their own', () => {
    const spans = SPANS.map((span) => ({ ...span, warnings: ['own'] }));
    const decoded = decodeText(jaegerJson, { ...TRACE, spans, warnings: ['trace'] });
    const all = decoded.spans.map(({ origin }) => origin.warnings);
    expect(all).toEqual(SPANS.map(() => ['own', 'trace']));
  });

  test('the warnings of a trace whose spans went before go to the last one', () => {
    const dump = { processes: TRACE.processes, spans: SPANS, warnings: ['trace'] };
    const all = decodeText(jaegerJson, dump).spans.map(({ origin }) => origin.warnings);
    expect(all).toEqual([[], [], ['trace']]);
  });
});

describe('damage', () => {
  test('a dump cut off inside a trace gives the spans before, without their process', () => {
    const text = JSON.stringify({ data: [TRACE] });
    const { spans, issues } = decodeText(jaegerJson, text.slice(0, text.indexOf('"spanID":"c"')));
    expect(rawIds(spans)).toEqual(['a', 'b']);
    const codes = issues.map(({ code }) => code);
    expect(codes).toEqual(['truncated-input', 'unknown-process', 'unknown-process']);
  });

  test('a single span that is cut off is not imported in part', () => {
    const text = JSON.stringify(PLAIN);
    const { spans, issues } = decodeText(jaegerJson, text.slice(0, text.indexOf('"process"')));
    expect([spans, issues.map(({ code }) => code)]).toEqual([[], ['truncated-input']]);
  });

  test('a trailing comma in a list of spans loses nothing', () => {
    const text = JSON.stringify(INLINE).replace(/\]$/, ',]');
    const { spans, issues } = decodeText(jaegerJson, text);
    expect(rawIds(spans)).toEqual(['a', 'b', 'c']);
    expect(issues.map(({ code }) => code)).toEqual(['json-syntax']);
  });

  test('what is no span is reported and the rest is read', () => {
    const { spans, issues, records } = decodeText(jaegerJson, [{ hello: 1 }, ...INLINE]);
    expect(rawIds(spans)).toEqual(['a', 'b', 'c']);
    expect(issues).toEqual([{ code: 'unrecognised-record', example: 'an object without spans' }]);
    expect(records).toBe(4);
  });

  test.each([
    ['processes', { processes: 7 }],
    ['a process', { processes: { p1: 7 } }],
    ['tags', { spans: [{ ...PLAIN, tags: 'x' }] }],
    ['logs', { spans: [{ ...PLAIN, logs: [7] }] }],
    ['references', { spans: [{ ...PLAIN, references: 'x' }] }],
    ['a reference', { spans: [{ ...PLAIN, references: [7] }] }],
    ['flags', { spans: [{ ...PLAIN, flags: 'x' }] }],
    ['a name', { spans: [{ ...PLAIN, operationName: 7 }] }],
  ])('%s of the wrong type are reported and left out', (_case, fields) => {
    const { spans, issues } = decodeText(jaegerJson, { ...TRACE, spans: INLINE, ...fields });
    expect(spans.length).toBeGreaterThan(0);
    expect(issues.map(({ code }) => code)).toEqual(['bad-field']);
  });

  test('a span without trace id takes that of its trace', () => {
    const { traceID, ...bare } = SPANS[0] ?? {};
    const span = onlySpan(jaegerJson, { ...TRACE, spans: [bare] });
    expect(span.traceId).toBe(traceID);
  });
});
