import { afterAll, expect, test } from 'vitest';
import { unixNano } from '../../src/model/time.ts';
import { sqlite } from '../../src/store/sqlite.ts';
import { spanIdOf, spanOf, traceIdOf } from '../helpers/span-of.ts';
import { storeWith } from '../helpers/store-with.ts';

const START = 1_755_600_000_123_457_790n;
const store = storeWith([
  spanOf({
    traceId: 'abc',
    spanId: 'ffffffffffffffff',
    parentSpanId: '8000000000000001',
    name: 'GET /cart',
    service: 'front',
    kind: 'server',
    statusCode: 'error',
    statusMessage: 'boom',
    startUnixNano: START,
    durationNs: 1500,
    attributes: {
      text: 'a',
      int: 7n,
      big: 2n ** 62n,
      one: 1,
      half: 0.5,
      yes: true,
      nothing: null,
      bytes: new Uint8Array([1]),
      list: [1n],
      map: new Map([['k', 'v']]),
    },
    events: [
      {
        timeUnixNano: unixNano(START + 3n),
        name: 'exception',
        attributes: new Map([['exception.type', 'E']]),
        droppedAttributes: 0,
      },
    ],
    links: [
      {
        traceId: traceIdOf('9'),
        spanId: spanIdOf('8'),
        traceState: '',
        attributes: new Map(),
        flags: 0,
        droppedAttributes: 0,
      },
    ],
  }),
]);
const database = new sqlite(store.path, { readonly: true }).defaultSafeIntegers(true);
afterAll(() => {
  database.close();
  store.close();
});

const TRACE = '00000000000000000000000000000abc';
const SPAN = 'ffffffffffffffff';

test('the view of spans shows readable values and exact times', () => {
  expect(database.prepare('SELECT * FROM spans').all()).toMatchObject([
    {
      trace_id: TRACE,
      span_id: SPAN,
      parent_span_id: '8000000000000001',
      service: 'front',
      name: 'GET /cart',
      kind: 'server',
      status: 'error',
      status_message: 'boom',
      start_ns: START,
      end_ns: START + 1500n,
      duration_ns: 1500n,
      resource_attributes: '{"service.name":"front"}',
      dump: 'test.json',
      format: 'test',
    },
  ]);
});

test('the view of traces shows summaries', () => {
  expect(database.prepare('SELECT * FROM traces').all()).toEqual([
    {
      trace_id: TRACE,
      start_ns: START,
      duration_ns: 1500n,
      spans: 1n,
      errors: 1n,
      orphans: 1n,
      root_service: null,
      root_operation: null,
      trace_id_raw: null,
    },
  ]);
});

test('the view of attributes has a row for each, with its type', () => {
  const rows = database
    .prepare('SELECT key, type, value FROM attributes WHERE span_id = ?')
    .raw()
    .all(SPAN);
  expect(rows).toEqual([
    ['text', 'string', 'a'],
    ['int', 'int', 7n],
    ['big', 'int', 2n ** 62n],
    ['one', 'double', 1],
    ['half', 'double', 0.5],
    ['yes', 'bool', 1n],
    ['nothing', 'empty', null],
    ['bytes', 'bytes', 'AQ=='],
    ['list', 'list', '[1]'],
    ['map', 'map', '{"k":"v"}'],
  ]);
});

test('the views of events and links have a row for each', () => {
  expect(database.prepare('SELECT * FROM events').all()).toEqual([
    {
      trace_id: TRACE,
      span_id: SPAN,
      time_ns: START + 3n,
      name: 'exception',
      attributes: '{"exception.type":"E"}',
    },
  ]);
  expect(database.prepare('SELECT * FROM links').all()).toEqual([
    {
      trace_id: TRACE,
      span_id: SPAN,
      linked_trace_id: traceIdOf('9'),
      linked_span_id: spanIdOf('8'),
      attributes: '{}',
    },
  ]);
});
