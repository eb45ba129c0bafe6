import fc from 'fast-check';
import {
  bytesField,
  doubleField,
  fixed32Field,
  fixed64Field,
  messageField,
  varintField,
  type WireField,
} from './wire-message.ts';

/** A dump that a program of bad will may write: every record is one, but its fields are not as they should be. */
export interface HostileDump {
  readonly format: string;
  readonly bytes: Buffer;
  /** How many records it has. */
  readonly records: number;
}

/** A field of a protobuf message: of any number and type, nested so many levels. */
function anyWireField(levels: number): fc.Arbitrary<WireField> {
  const number = fc.integer({ min: 1, max: 17 });
  const bits = fc.bigInt(0n, 2n ** 64n - 1n);
  const inner =
    levels === 0 ? fc.constant([]) : fc.array(anyWireField(levels - 1), { maxLength: 3 });
  return fc.oneof(
    fc.tuple(number, bits).map(([field, value]) => varintField(field, value)),
    fc.tuple(number, bits).map(([field, value]) => fixed64Field(field, value)),
    fc.tuple(number, fc.nat()).map(([field, value]) => fixed32Field(field, value)),
    fc.tuple(number, fc.double()).map(([field, value]) => doubleField(field, value)),
    fc
      .tuple(number, fc.uint8Array({ maxLength: 20 }))
      .map(([field, value]) => bytesField(field, value)),
    fc.tuple(number, inner).map(([field, fields]) => messageField(field, ...fields)),
  );
}

const wireSpan = fc
  .array(anyWireField(3), { maxLength: 8 })
  .map((more) =>
    bytesField(
      2,
      Buffer.concat([
        bytesField(1, Buffer.alloc(16, 7)),
        bytesField(2, Buffer.alloc(8, 9)),
        bytesField(5, 'n'),
        fixed64Field(7, 1n),
        fixed64Field(8, 2n),
        ...more,
      ]),
    ),
  );
/** A dump of OTLP protobuf: each record begins as a span does, and goes on with fields of any kind. */
export const hostileProtobuf: fc.Arbitrary<HostileDump> = fc
  .array(wireSpan, { minLength: 1, maxLength: 6 })
  .map((spans) => ({
    format: 'otlp-protobuf',
    bytes: messageField(1, messageField(2, ...spans)),
    records: spans.length,
  }));
