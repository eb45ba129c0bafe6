import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/importers/json/json-shape.ts';
import {
  type Report,
  readBoolean,
  readField,
  readInteger,
  readList,
  readMicros,
  readNumber,
  readObject,
  readObjects,
  readString,
  readUint32,
  readUnixMicros,
  readUnixNano,
} from '../../src/importers/read-field.ts';

/** Reads field `f` of an object where it is `raw`; the reports come along. */
function reading<Value>(
  read: (from: { f: JsonValue }, key: string, report: Report) => Value,
  raw: JsonValue,
): { value: Value; reports: string[] } {
  const reports: string[] = [];
  const value = read({ f: raw }, 'f', (code, example) => reports.push(`${code} ${example}`));
  return { value, reports };
}

describe('a field of the right type', () => {
  test.each([
    [readString, 'x', 'x'],
    [readString, '', ''],
    [readString, null, null],
    [readInteger, 5, 5n],
    [readInteger, '1736000000123456789', 1736000000123456789n],
    [readInteger, 1736000000123456789n, 1736000000123456789n],
    [readInteger, null, null],
    [readNumber, '1.5', 1.5],
    [readNumber, 'NaN', Number.NaN],
    [readNumber, '-Infinity', Number.NEGATIVE_INFINITY],
    [readUint32, '257', 257],
    [readUint32, null, 0],
    [readBoolean, 'true', true],
    [readBoolean, false, false],
    [readObject, { a: 1 }, { a: 1 }],
    [readList, [1, 'a'], [1, 'a']],
    [readList, null, []],
    [readObjects, [{}], [{}]],
    [readUnixNano, '1736000000123456789', 1736000000123456789n],
    [readUnixNano, 0, 0n],
    [readUnixNano, null, 'absent'],
    [readUnixNano, '', 'absent'],
    [readUnixMicros, 1736000000123456, 1736000000123456000n],
    [readUnixMicros, 1700000000000000.5, 1700000000000000500n],
    [readMicros, 1.5, 1500n],
    [readMicros, -3, -3000n],
    [readMicros, 0.0005, 1n],
    [readMicros, null, null],
  ])('%o of %s', (read, raw, value) => {
    expect(reading<unknown>(read, raw)).toEqual({ value, reports: [] });
  });
});

describe('a field of the wrong type is reported and left out', () => {
  test.each([
    [readString, 5, null, '5'],
    [readInteger, 1.5, null, '1.5'],
    [readInteger, 'invalid', null, '"invalid"'],
    [readInteger, '0x10', null, '"0x10"'],
    [readNumber, '', null, '""'],
    [readNumber, true, null, 'true'],
    [readUint32, -1, 0, '-1'],
    [readUint32, 2 ** 32, 0, '4294967296'],
    [readBoolean, 1, null, '1'],
    [readObject, [1], null, 'a list of 1'],
    [readList, {}, [], 'an object'],
    [readObjects, [{}, 7], [{}], '7'],
    [readUnixNano, '-1', 'bad', '"-1"'],
    [readUnixNano, 2n ** 63n, 'bad', '9223372036854775808'],
    [readUnixMicros, 'soon', 'bad', '"soon"'],
    [readMicros, 'invalid', null, '"invalid"'],
  ])('%o of %s', (read, raw, value, quoted) => {
    expect(reading<unknown>(read, raw)).toEqual({ value, reports: [`bad-field f: ${quoted}`] });
  });
});

test('inherited names are no fields', () => {
  expect(readField({}, 'constructor')).toBeUndefined();
  expect(readField({}, '__proto__')).toBeUndefined();
});

test('the alias counts when there is no such field', () => {
  const report: Report = () => {};
  expect(readString({ trace_state: 'a' }, 'traceState', report, 'trace_state')).toBe('a');
  expect(
    readString({ traceState: null, trace_state: 'a' }, 'traceState', report, 'trace_state'),
  ).toBe('a');
  expect(
    readString({ traceState: 'b', trace_state: 'a' }, 'traceState', report, 'trace_state'),
  ).toBe('b');
});
