import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import {
  badField,
  type Report,
  readField,
  readInteger,
  readObject,
  readString,
} from '../read-field.ts';
import type { ZipkinEndpoint } from './zipkin-record.ts';

const PORT_END = 65_536n;

/** An endpoint field, null when it is absent. `alias` is Thrift's name of the field. */
export function readEndpoint(
  from: JsonObject,
  key: string,
  report: Report,
  alias?: string,
): ZipkinEndpoint | null {
  const endpoint = readObject(from, key, report, alias);
  if (endpoint === null) return null;
  return {
    serviceName: readString(endpoint, 'serviceName', report, 'service_name') ?? '',
    ipv4: readIpv4(endpoint, report),
    ipv6: readIpv6(endpoint, report),
    port: readPort(endpoint, report),
  };
}

/** Text, or in Thrift an integer of 32 bits whose first byte is the highest; 0 is none. */
function readIpv4(endpoint: JsonObject, report: Report): string {
  const value = readField(endpoint, 'ipv4');
  if (typeof value !== 'number') return textOf(value, 'ipv4', report);
  if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32) {
    badField(report, 'ipv4', value);
    return '';
  }
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return value === 0 ? '' : bytes.join('.');
}

/** Text, or in Thrift the base64 of 16 bytes. */
function readIpv6(endpoint: JsonObject, report: Report): string {
  const text = textOf(readField(endpoint, 'ipv6'), 'ipv6', report);
  if (!/^[A-Za-z0-9+/]{22}==$/.test(text)) return text;
  const groups = Buffer.from(text, 'base64').toString('hex').match(/.{4}/g) ?? [];
  return groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':');
}

function textOf(value: JsonValue | undefined, key: string, report: Report): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : (badField(report, key, value) ?? '');
}

/** Thrift's port is a signed integer of 16 bits. */
function readPort(endpoint: JsonObject, report: Report): number {
  const port = readInteger(endpoint, 'port', report) ?? 0n;
  const unsigned = port < 0n ? port + PORT_END : port;
  if (unsigned >= 0n && unsigned < PORT_END) return Number(unsigned);
  badField(report, 'port', port);
  return 0;
}
