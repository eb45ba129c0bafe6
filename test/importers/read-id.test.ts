import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isNoId, readParentId, readSpanId, readTraceId } from '../../src/importers/read-id.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

/** The stable id of a name. */
function hashed(name: string): string {
  return createHash('sha256').update(`tracecli:${name}`).digest('hex');
}

describe('trace ids', () => {
  test.each([
    ['32 hex digits', TRACE, TRACE, null],
    ['upper case', TRACE.toUpperCase(), TRACE, TRACE.toUpperCase()],
    ['64 bits, as Zipkin has them', SPAN, `${'0'.repeat(16)}${SPAN}`, SPAN],
    ['without its leading zeros', 'abc', `${'0'.repeat(29)}abc`, 'abc'],
    ['31 digits', TRACE.slice(1), TRACE, TRACE.slice(1)],
    [
      'a UUID',
      '0af76519-16cd-43dd-8448-eb211c80319c',
      TRACE,
      '0af76519-16cd-43dd-8448-eb211c80319c',
    ],
    ['base64 of 16 bytes', 'CvdlGRbNQ92ESOshHIAxnA==', TRACE, 'CvdlGRbNQ92ESOshHIAxnA=='],
    ['base64 of 8 bytes', 't61rcWkgMzE=', `${'0'.repeat(16)}${SPAN}`, 't61rcWkgMzE='],
    [
      'base64 of 14 bytes',
      'VFJBQ0VJRDEtU1BBTjE=',
      hashed('VFJBQ0VJRDEtU1BBTjE=').slice(0, 32),
      'VFJBQ0VJRDEtU1BBTjE=',
    ],
    ['white space around', ` ${TRACE}\n`, TRACE, ` ${TRACE}\n`],
    ['a number', 3, `${'0'.repeat(31)}3`, '3'],
    [
      'a number past 2^53',
      6802735349851856001n,
      '00000000000000005e682bc21ce99c81',
      '6802735349851856001',
    ],
    ['a name', 'trace-123', hashed('trace-123').slice(0, 32), 'trace-123'],
  ])('%s', (_situation, raw, id, spelling) => {
    expect(readTraceId(raw)).toEqual({ id, raw: spelling });
    expect(readTraceId(raw, 'bytes')).toEqual({ id, raw: spelling });
  });
});

describe('span ids', () => {
  test.each([
    ['16 hex digits', SPAN, SPAN, null],
    ['one digit', '1', '0000000000000001', '1'],
    ['base64 of 8 bytes', 't61rcWkgMzE=', SPAN, 't61rcWkgMzE='],
    ['padded to 128 bits', `${'0'.repeat(16)}${SPAN}`, SPAN, `${'0'.repeat(16)}${SPAN}`],
    ['128 bits', TRACE, hashed(TRACE).slice(0, 16), TRACE],
    [
      'a UUID',
      '0af76519-16cd-43dd-8448-eb211c80319c',
      hashed('0af76519-16cd-43dd-8448-eb211c80319c').slice(0, 16),
      '0af76519-16cd-43dd-8448-eb211c80319c',
    ],
    ['a negative number, as Thrift writes ids from 2^63', -1, 'ffffffffffffffff', '-1'],
  ])('%s', (_situation, raw, id, spelling) => {
    expect(readSpanId(raw)).toEqual({ id, raw: spelling });
  });
});

test.each([
  ['absent', undefined],
  ['null', null],
  ['empty', ''],
  ['all zero', '0'.repeat(32)],
  ['zero', 0],
  ['base64 of zeros', 'AAAAAAAAAAA='],
  ['a fraction', 1.5],
  ['past 64 bits', 2n ** 64n],
  ['an object', {}],
  ['padding in the wrong place', 'INVALID=='],
  ['a name with spaces', 'my trace'],
  ['longer than any id', 'x'.repeat(300)],
])('no id: %s', (_situation, raw) => {
  expect(readTraceId(raw)).toBeNull();
  expect(readSpanId(raw)).toBeNull();
  expect(readParentId(raw)).toBeNull();
});

test.each(['!!!INVALID_BASE64!!!', 'zzz'])('%s is a name in Jaeger, but damage in OTLP', (raw) => {
  expect(readSpanId(raw)?.id).toBe(hashed(raw).slice(0, 16));
  expect(readSpanId(raw, 'bytes')).toBeNull();
});

test('a root is told from a damaged parent', () => {
  expect([undefined, null, '', '0', '0000000000000000', 'AAAAAAAAAAA=', 0].every(isNoId)).toBe(
    true,
  );
  expect([SPAN, '!!!', 'aaaa', 'AAAA', 7].some(isNoId)).toBe(false);
});
