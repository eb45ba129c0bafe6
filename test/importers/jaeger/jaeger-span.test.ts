import { describe, expect, test } from 'vitest';
import { jaegerJson } from '../../../src/importers/jaeger/jaeger-json.ts';
import { type Span, TIME_FLAGS } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';
import { issuesOf, PLAIN, spanWith, type Tag, tagsOf } from '../../helpers/jaeger-span.ts';

const TRACE = PLAIN.traceID;

describe('logs become events', () => {
  const logged = (...fields: Tag[]): Span =>
    spanWith({ logs: [{ timestamp: 1_700_000_000_000_500, fields: tagsOf(fields) }] });

  test('the field event is the name, the others are attributes', () => {
    const [event] = logged(['event', 'string', 'retry'], ['n', 'int64', 3]).events;
    expect(event).toEqual({
      timeUnixNano: 1_700_000_000_000_500_000n,
      name: 'retry',
      attributes: new Map([['n', 3n]]),
      droppedAttributes: 0,
    });
  });

  test('without event the name is empty', () => {
    const [event] = logged(['message', 'string', 'hello']).events;
    expect([event?.name, event?.attributes.get('message')]).toEqual(['', 'hello']);
  });

  test('an event that is no text stays an attribute', () => {
    const [event] = logged(['event', 'int64', 7]).events;
    expect([event?.name, event?.attributes.get('event')]).toEqual(['', 7n]);
  });

  test('old dumps say value for fields', () => {
    const logs = [{ timestamp: 1, value: tagsOf([['event', 'string', 'old']]) }];
    expect(spanWith({ logs }).events.map(({ name }) => name)).toEqual(['old']);
  });

  test.each([[null], [[]], [undefined]])('logs %o', (logs) => {
    expect(spanWith({ logs }).events).toEqual([]);
  });

  test('a log without a time is at 0', () => {
    expect(spanWith({ logs: [{ fields: [] }] }).events[0]?.timeUnixNano).toBe(0n);
  });
});

describe('times', () => {
  test('microseconds become exact nanoseconds', () => {
    const span = spanWith({});
    expect(span.startUnixNano).toBe(1_700_000_000_000_001_000n);
    expect(span.endUnixNano).toBe(1_700_000_000_001_501_000n);
    expect([span.durationNs, span.timeFlags]).toEqual([1_500_000, 0]);
  });

  test.each<[string, object, bigint, number, number, readonly string[]]>([
    ['0 is a time', { startTime: 0, duration: 5 }, 0n, 5000, 0, []],
    ['as text', { startTime: '7', duration: '5' }, 7000n, 5000, 0, []],
    ['fractions of microseconds', { startTime: 1.5, duration: 0.0004 }, 1500n, 0, 0, []],
    ['half a nanosecond is rounded up', { startTime: 1, duration: 0.0005 }, 1000n, 1, 0, []],
    ['no start', { startTime: null }, 0n, 1_500_000, TIME_FLAGS.noStart, ['no-start']],
    ['no duration', { startTime: 1, duration: null }, 1000n, 0, TIME_FLAGS.noEnd, ['no-end']],
    ['a duration of 0', { startTime: 1, duration: 0 }, 1000n, 0, 0, []],
    [
      'a negative duration',
      { startTime: 5, duration: -1 },
      5000n,
      0,
      TIME_FLAGS.negativeDuration,
      ['end-before-start'],
    ],
    [
      'a start before 1970',
      { startTime: -1, duration: 1 },
      0n,
      1000,
      TIME_FLAGS.noStart | TIME_FLAGS.badTime,
      ['bad-field'],
    ],
    [
      'a duration that is no number',
      { startTime: 1, duration: 'invalid' },
      1000n,
      0,
      TIME_FLAGS.noEnd | TIME_FLAGS.badTime,
      ['bad-field', 'no-end'],
    ],
    [
      'a duration past 2262',
      { startTime: 1, duration: 1e18 },
      1000n,
      0,
      TIME_FLAGS.noEnd | TIME_FLAGS.badTime,
      ['bad-field'],
    ],
  ])('%s', (_case, fields, start, duration, flags, issues) => {
    const span = spanWith(fields);
    expect([span.startUnixNano, span.durationNs, span.timeFlags]).toEqual([start, duration, flags]);
    expect(issuesOf(fields)).toEqual(issues);
  });
});

describe('ids', () => {
  test('short and upper-case hex is padded, with its spelling kept', () => {
    const span = spanWith({ traceID: 'ABC', spanID: 'D' });
    expect([span.traceId, span.spanId]).toEqual(['abc'.padStart(32, '0'), 'd'.padStart(16, '0')]);
    expect(span.origin).toMatchObject({ traceIdRaw: 'ABC', spanIdRaw: 'D' });
  });

  test('ids that are no hex are hashed alike for spans and parents', () => {
    const parent = spanWith({ spanID: 'span-1' });
    const references = [{ refType: 'CHILD_OF', traceID: TRACE, spanID: 'span-1' }];
    const child = spanWith({ spanID: 'span-2', references });
    expect(child.parentSpanId).toBe(parent.spanId);
    expect(child.origin.parentSpanIdRaw).toBe('span-1');
  });

  test.each([
    ['trace-id-missing', { traceID: undefined }],
    ['trace-id-missing', { traceID: '0'.repeat(32) }],
    ['span-id-missing', { spanID: 0 }],
  ])('%s', (code, fields) => {
    const { spans, issues } = decodeText(jaegerJson, {
      traceID: '',
      spans: [{ ...PLAIN, ...fields }],
    });
    expect(spans).toEqual([]);
    expect(issues.map((issue) => issue.code)).toEqual([code]);
  });
});
