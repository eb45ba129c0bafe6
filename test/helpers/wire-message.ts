import { Buffer } from 'node:buffer';

/** One encoded field of a protobuf message; a message is the concatenation of its fields. */
export type WireField = Buffer;

/** A varint of up to 64 bits, two's complement when negative. */
function varint(value: bigint | number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const more = rest > 0x7fn;
    bytes.push(Number(rest & 0x7fn) | (more ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

export function varintField(field: number, value: bigint | number): WireField {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

export function fixed64Field(field: number, value: bigint): WireField {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint(field * 8 + 1), bytes]);
}

export function doubleField(field: number, value: number): WireField {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(field * 8 + 1), bytes]);
}

export function fixed32Field(field: number, value: number): WireField {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return Buffer.concat([varint(field * 8 + 5), bytes]);
}

/** A string or bytes. */
export function bytesField(field: number, value: string | Uint8Array): WireField {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

/** A nested message. */
export function messageField(field: number, ...fields: readonly WireField[]): WireField {
  return bytesField(field, Buffer.concat(fields));
}
