import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fixed32Tag,
  fixed64Tag,
  lengthTag,
  varintTag,
  WireError,
  WireReader,
} from '../../../src/importers/otlp/wire-reader.ts';
import {
  bytesField,
  doubleField,
  fixed32Field,
  fixed64Field,
  messageField,
  varintField,
} from '../../helpers/wire-message.ts';

function readerOf(...fields: Buffer[]): WireReader {
  return new WireReader(Buffer.concat(fields));
}

test('each kind of field is read as it was written', () => {
  const reader = readerOf(
    varintField(1, -5n),
    fixed64Field(2, 2n ** 64n - 1n),
    doubleField(3, -0.25),
    fixed32Field(4, 4_294_967_295),
    bytesField(1000, 'größe'),
    messageField(6, varintField(1, 300)),
  );
  expect(reader.next()).toBe(varintTag(1));
  expect(reader.int64()).toBe(-5n);
  expect(reader.next()).toBe(fixed64Tag(2));
  expect(reader.fixed64()).toBe(18_446_744_073_709_551_615n);
  expect(reader.next()).toBe(fixed64Tag(3));
  expect(reader.double()).toBe(-0.25);
  expect(reader.next()).toBe(fixed32Tag(4));
  expect(reader.fixed32()).toBe(4_294_967_295);
  expect(reader.next()).toBe(lengthTag(1000));
  expect(reader.string()).toBe('größe');
  expect(reader.next()).toBe(lengthTag(6));
  const nested = reader.message();
  expect(nested.next()).toBe(varintTag(1));
  expect(nested.uint32()).toBe(300);
  expect(nested.next()).toBe(0);
  expect(reader.next()).toBe(0);
});

test('every field can be passed over', () => {
  const fields = [
    varintField(1, 2n ** 63n),
    fixed64Field(2, 1n),
    bytesField(3, 'x'.repeat(1000)),
    fixed32Field(4, 1),
  ];
  const reader = readerOf(...fields, varintField(5, 7));
  for (const _ of fields) {
    reader.next();
    reader.skip();
  }
  expect(reader.next()).toBe(varintTag(5));
  expect(reader.uint32()).toBe(7);
});

test('any 64-bit number survives a varint', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const signed = readerOf(varintField(1, value));
      signed.next();
      const unsigned = readerOf(varintField(1, value));
      unsigned.next();
      expect(signed.int64()).toBe(value);
      expect(unsigned.uint64()).toBe(BigInt.asUintN(64, value));
    }),
  );
});

test.each([
  ['a length past the end', Buffer.from([0x0a, 5, 1]), 'are said to follow'],
  ['a varint without end', Buffer.from([0x08, ...Array(11).fill(0xff)]), 'more than 10 bytes'],
  ['field number 0', Buffer.from([0x02, 0]), 'no such field number: 0'],
  ['a group', Buffer.from([0x0b]), 'no such wire type: 3'],
  ['nothing after the tag', Buffer.from([0x09]), 'are said to follow'],
])('%s is an error', (_, bytes, message) => {
  const reader = new WireReader(bytes);
  const readAll = (): void => {
    while (reader.next() !== 0) reader.skip();
  };
  expect(readAll).toThrow(WireError);
  expect(() => {
    const again = new WireReader(bytes);
    while (again.next() !== 0) again.skip();
  }).toThrow(message);
});

test('arbitrary bytes end in an end or a WireError, never in a read past the end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const reader = new WireReader(Buffer.from(bytes));
      try {
        while (reader.next() !== 0) reader.skip();
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
      expect(reader.at).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
