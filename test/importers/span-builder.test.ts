import { describe, expect, test } from 'vitest';
import type { TimeField } from '../../src/importers/read-field.ts';
import { readSpanId, readTraceId } from '../../src/importers/read-id.ts';
import {
  buildSpan,
  type SpanTimes,
  timesBetween,
  timesFrom,
} from '../../src/importers/span-builder.ts';
import { TIME_FLAGS } from '../../src/model/span.ts';
import { unixNano } from '../../src/model/time.ts';

const { noStart, noEnd, negativeDuration, badTime } = TIME_FLAGS;

function reporting<Value>(act: (report: (code: string) => void) => Value): [Value, string[]] {
  const codes: string[] = [];
  return [act((code) => codes.push(code)), codes];
}

function times(start: bigint, end: bigint, duration: number, timeFlags = 0): SpanTimes {
  return expect.objectContaining({
    startUnixNano: start,
    endUnixNano: end,
    durationNs: duration,
    timeFlags,
  });
}

const at = (ns: number): TimeField => unixNano(BigInt(ns));

describe('start and end', () => {
  test.each([
    ['both', at(5), at(9), times(5n, 9n, 4), []],
    ['no end: unfinished', at(5), 'absent', times(5n, 5n, 0, noEnd), ['no-end']],
    [
      'no start: how long it took is not known',
      'absent',
      at(9),
      times(0n, 9n, 0, noStart),
      ['no-start'],
    ],
    ['neither', 'absent', 'absent', times(0n, 0n, 0, noStart | noEnd), ['no-start', 'no-end']],
    [
      'an end before the start is kept',
      at(9),
      at(5),
      times(9n, 5n, 0, negativeDuration),
      ['end-before-start'],
    ],
    ['a bad end, reported already', at(5), 'bad', times(5n, 5n, 0, noEnd | badTime), []],
    ['a bad start, reported already', 'bad', at(9), times(0n, 9n, 0, noStart | badTime), []],
  ] as const)('%s', (_situation, start, end, expected, codes) => {
    expect(reporting((report) => timesBetween(start, end, report))).toEqual([expected, codes]);
  });
});

describe('start and duration', () => {
  test.each([
    ['both', at(5), 4n, times(5n, 9n, 4), []],
    ['a start at 0 is a time', at(0), 4n, times(0n, 4n, 4), []],
    ['no duration', at(5), null, times(5n, 5n, 0, noEnd), ['no-end']],
    ['no start, which Zipkin allows', 'absent', 4n, times(0n, 4n, 4, noStart), ['no-start']],
    ['a negative duration', at(9), -4n, times(9n, 5n, 0, negativeDuration), ['end-before-start']],
    ['an end before 1970', at(3), -4n, times(3n, 3n, 0, noEnd | badTime), ['bad-field']],
  ] as const)('%s', (_situation, start, duration, expected, codes) => {
    expect(reporting((report) => timesFrom(start, duration, report))).toEqual([expected, codes]);
  });
});

describe('buildSpan', () => {
  const traceId = readTraceId('7');
  const spanId = readSpanId('1');
  if (traceId === null || spanId === null) throw new Error('ids expected');
  const [spanTimes] = reporting((report) => timesBetween(at(5), at(9), report));

  test('everything left out is empty', () => {
    const span = buildSpan({ format: 'f', traceId, spanId, parent: null, times: spanTimes });
    expect(span).toMatchObject({
      parentSpanId: null,
      name: '',
      kind: 'unspecified',
      statusCode: 'unset',
      events: [],
      origin: {
        format: 'f',
        traceIdRaw: '7',
        spanIdRaw: '1',
        parentSpanIdRaw: null,
        shared: false,
      },
    });
  });

  test('a span that is its own parent is a root', () => {
    const span = buildSpan({ format: 'f', traceId, spanId, parent: spanId, times: spanTimes });
    expect(span.parentSpanId).toBeNull();
    expect(span.origin.parentSpanIdRaw).toBeNull();
  });
});
