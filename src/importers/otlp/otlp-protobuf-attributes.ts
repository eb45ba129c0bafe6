import type { Attributes, AttributeValue } from '../../model/attributes.ts';
import { putAttribute } from '../put-attribute.ts';
import { ANY_VALUE, KEY_VALUE, VALUES } from './otlp-wire.ts';
import { WireError, type WireReader } from './wire-reader.ts';

/** Protobuf libraries refuse a message that is nested deeper; a value takes two levels per list. */
const MAX_DEPTH = 100;

/** Reads one KeyValue into `attributes`. */
export function readAttribute(reader: WireReader, attributes: Map<string, AttributeValue>): void {
  readKeyValue(reader, attributes, 0);
}

/** Attributes of a message whose field `tag` is a KeyValue; everything else in it is passed over. */
function readMap(reader: WireReader, depth: number): Attributes {
  const attributes = new Map<string, AttributeValue>();
  for (let tag = reader.next(); tag !== 0; tag = reader.next()) {
    if (tag === VALUES) readKeyValue(reader.message(), attributes, depth);
    else reader.skip();
  }
  return attributes;
}

function readKeyValue(
  reader: WireReader,
  attributes: Map<string, AttributeValue>,
  depth: number,
): void {
  let key = '';
  let value: AttributeValue = null;
  for (let tag = reader.next(); tag !== 0; tag = reader.next()) {
    if (tag === KEY_VALUE.key) key = reader.string();
    else if (tag === KEY_VALUE.value) value = readValue(reader.message(), depth);
    else reader.skip();
  }
  putAttribute(attributes, [key, value], reader.report);
}

/** AnyValue is a oneof: the last field that is set wins; none is the empty value. */
function readValue(reader: WireReader, depth: number): AttributeValue {
  if (depth > MAX_DEPTH) throw new WireError(`a value nested over ${MAX_DEPTH} deep`, reader.at);
  let value: AttributeValue = null;
  for (let tag = reader.next(); tag !== 0; tag = reader.next()) {
    switch (tag) {
      case ANY_VALUE.string:
        value = reader.string();
        break;
      case ANY_VALUE.bool:
        value = reader.uint64() !== 0n;
        break;
      case ANY_VALUE.int:
        value = reader.int64();
        break;
      case ANY_VALUE.double:
        value = reader.double();
        break;
      case ANY_VALUE.array:
        value = readList(reader.message(), depth + 1);
        break;
      case ANY_VALUE.map:
        value = readMap(reader.message(), depth + 1);
        break;
      case ANY_VALUE.bytes:
        value = Uint8Array.from(reader.bytes());
        break;
      default:
        reader.skip();
    }
  }
  return value;
}

function readList(reader: WireReader, depth: number): AttributeValue[] {
  const values: AttributeValue[] = [];
  for (let tag = reader.next(); tag !== 0; tag = reader.next()) {
    if (tag === VALUES) values.push(readValue(reader.message(), depth));
    else reader.skip();
  }
  return values;
}
