import { odd } from './host';
import {
  BRACE,
  CLOSING_BRACE,
  COLON,
  COMMA,
  expect,
  expectEnd,
  next,
  POINT,
  QUOTE,
  skipSpace,
  ZERO,
} from './json';
import { JsonNames, name } from './json-names';
import { integer, putInteger, putText, readUint32 } from './json-number';
import { copied, copyString, copyText } from './json-string';
import { putOwner, RESOURCE, rareEnd } from './rows';
import { seeKey } from './seen-keys';
import { beginEntry, zipkinKeys } from './zipkin-tags';

const FIELDS = new JsonNames(['serviceName', 'ipv4', 'port']);
const F_SERVICE: u32 = 0;
const F_ADDRESS: u32 = 1;

const MAX_PORT: u64 = 65_535;

/** Of the endpoint that was read last: where its service name and its address stand, 0 for none, and its port. */
let serviceAt: usize = 0;
let addressAt: usize = 0;
let port: u64 = 0;

/**
 * Adds what the endpoints at `local` and `remote`, 0 for none, say to the attributes between `begin` and `end`, and closes them; gives
 * where they end. The service of the local one is what the row belongs to. An attribute that a tag has already is odd.
 */
export function copyEndpoints(local: usize, remote: usize, begin: usize, end: usize): usize {
  let o = end;
  readEndpoint(local);
  putService();
  o = putAddress(o, '"network.local.address"', '"network.local.port"');
  readEndpoint(remote);
  if (serviceAt != 0) o = putPeer(o);
  o = putAddress(o, '"network.peer.address"', '"network.peer.port"');
  if (o == begin) return o;
  store<u8>(o, <u8>CLOSING_BRACE);
  return o + 1;
}

function readEndpoint(from: usize): void {
  serviceAt = 0;
  addressAt = 0;
  port = 0;
  if (from == 0) return;
  let seen: u32 = 0;
  let p = skipSpace(expect(from, BRACE));
  if (load<u8>(p) == CLOSING_BRACE) return;
  do {
    p = skipSpace(FIELDS.field(p));
    const field = name;
    if ((seen & (1 << field)) != 0) odd();
    seen |= 1 << field;
    p = next(readField(p, field), CLOSING_BRACE);
  } while (load<u8>(p - 1) == COMMA);
  expectEnd(p);
}

function readField(from: usize, field: u32): usize {
  let p = from;
  if (field == F_SERVICE) {
    p = copyText(p, rareEnd);
    if (copied != rareEnd) serviceAt = from;
  } else if (field == F_ADDRESS) {
    p = copyText(p, rareEnd);
    if (copied != rareEnd) addressAt = from;
  } else {
    if (load<u8>(p) == QUOTE) odd();
    p = readUint32(p);
    if (integer > MAX_PORT) odd();
    port = integer;
  }
  return p;
}

function putService(): void {
  if (serviceAt == 0) {
    putOwner(RESOURCE, rareEnd, 0);
    return;
  }
  copyText(serviceAt, rareEnd);
  putOwner(RESOURCE, rareEnd, copied - rareEnd);
}

function putPeer(out: usize): usize {
  const value = putKey(out, '"service.peer.name"');
  copyString(serviceAt, value);
  return copied;
}

function putAddress(out: usize, addressKey: string, portKey: string): usize {
  let o = out;
  if (addressAt != 0) {
    const value = putKey(o, addressKey);
    copyString(addressAt, value);
    o = copied;
    expectIpv4(value + 1, o - 1);
  }
  return port == 0 ? o : putInteger(putKey(o, portKey), port);
}

/** The key of the next entry and its colon. */
function putKey(out: usize, key: string): usize {
  const at = beginEntry(out);
  const end = putText(at, key);
  seeKey(at, end - at, zipkinKeys);
  store<u8>(end, <u8>COLON);
  return end + 1;
}

/** Four numbers up to 255 without zeros before them. */
function expectIpv4(from: usize, end: usize): void {
  let p = from;
  for (let part = 0; part < 4; part++) {
    const first = p;
    let number: u32 = 0;
    while (p < end && <u32>load<u8>(p) - ZERO < 10) {
      number = number * 10 + (<u32>load<u8>(p) - ZERO);
      p++;
    }
    const length = p - first;
    if (length == 0 || length > 3 || number > 255) odd();
    if (length > 1 && load<u8>(first) == ZERO) odd();
    if (part < 3) {
      if (p == end || load<u8>(p) != POINT) odd();
      p++;
    }
  }
  if (p != end) odd();
}
