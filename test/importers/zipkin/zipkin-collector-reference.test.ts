import { readdirSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import path from 'node:path';
import { expect } from 'vitest';
import { zipkinV2 } from '../../../src/importers/zipkin/zipkin-v2.ts';
import { SPAN_KINDS } from '../../../src/model/span.ts';
import {
  type CollectorBatch,
  type Comparable,
  lines,
  ofCollector,
  ofSpan,
  scopeText,
} from '../../helpers/collector-spans.ts';
import { CORPUS, corpusTest } from '../../helpers/corpus.ts';
import { decodeText } from '../../helpers/decode-text.ts';

/** A record of the dump, for the rules below. */
interface Input {
  readonly id: string;
  readonly kind?: string;
  readonly localEndpoint?: InputEndpoint;
  readonly remoteEndpoint?: InputEndpoint;
  readonly annotations?: readonly { readonly value: string }[];
  readonly tags?: Readonly<Record<string, string>>;
}

interface InputEndpoint {
  readonly serviceName?: string;
  readonly ipv6?: string;
}

/** Where this importer goes its own way: `change` makes the collector's answer what it ought to be, and tells if it did. */
interface Deviation {
  readonly rule: string;
  readonly change: (expected: Comparable, input: Input) => boolean;
}

/** Annotations that only one side reads as an event with attributes: the specification's form, and a bar in a plain text. */
const DIFFERENT_EVENT = /^"|^[^|]*\|[^|{]*$/;
/** Tags that become something else than an attribute on either side. */
const MEANINGFUL = /^(error|span\.kind|w3c\.tracestate|otel\..*|otlp\..*)$/;

const DEVIATIONS: readonly Deviation[] = [
  {
    rule: 'ports have the key of their address',
    change: ({ attributes }) => {
      const isLocal = rename(attributes, 'net.host.port', 'network.local.port');
      return rename(attributes, 'net.peer.port', 'network.peer.port') || isLocal;
    },
  },
  {
    rule: "an address keeps the dump's spelling",
    change: ({ attributes }, { localEndpoint, remoteEndpoint }) => {
      const isLocal = respell(attributes, 'network.local.address', localEndpoint);
      return respell(attributes, 'network.peer.address', remoteEndpoint) || isLocal;
    },
  },
  {
    rule: 'a missing start is a flag, not an attribute',
    change: ({ attributes }) => attributes.delete('otel.zipkin.absentField.startTime'),
  },
  {
    rule: "the specification's own spelling of a status counts",
    change: (expected, { tags }) => {
      const code = tags?.['otel.status_code']?.toLowerCase() ?? '';
      if (expected.code !== 'unset' || (code !== 'ok' && code !== 'error')) return false;
      expected.code = code;
      return true;
    },
  },
  {
    rule: "an error's text is the message",
    change: (expected) => {
      const error = expected.attributes.get('error') ?? '';
      if (error === '') return false;
      expected.message = error;
      return expected.attributes.delete('error');
    },
  },
  {
    rule: 'a kind that is only a tag counts',
    change: (expected, { tags }) => {
      const kind = SPAN_KINDS.find((known) => known === tags?.['span.kind']);
      if (kind === undefined || expected.kind !== 'unspecified') return false;
      expected.kind = kind;
      return true;
    },
  },
  {
    rule: 'the new spelling of a scope counts',
    change: (expected) => {
      const name = expected.attributes.get('otel.scope.name');
      if (name === undefined) return false;
      const version = expected.attributes.get('otel.scope.version') ?? '';
      expected.scope = scopeText({ name, version });
      expected.attributes.delete('otel.scope.version');
      return expected.attributes.delete('otel.scope.name');
    },
  },
  {
    rule: 'tags that look like a resource stay on their span, and no endpoint replaces a tag',
    change: ({ attributes }, { tags }) => {
      const lost = Object.entries(tags ?? {}).filter(
        ([key, value]) => attributes.get(key) !== value && !MEANINGFUL.test(key),
      );
      for (const [key, value] of lost) attributes.set(key, value);
      return lost.length > 0;
    },
  },
  {
    rule: 'the service has a name whatever it was made of',
    change: (expected, { localEndpoint }) => {
      const name = localEndpoint?.serviceName;
      if (name === undefined || name === '' || name === expected.service) return false;
      expected.service = name;
      return true;
    },
  },
  {
    rule: "the specification's events are read, and a bar in a plain text is none",
    change: (expected, { annotations = [] }) => {
      const before = expected.events.length;
      expected.events = withoutDifferent(expected.events, annotations);
      return expected.events.length < before;
    },
  },
];

function rename(attributes: Map<string, string>, from: string, to: string): boolean {
  const value = attributes.get(from);
  if (value === undefined) return false;
  attributes.set(to, value);
  return attributes.delete(from);
}

/** Writes an IPv6 address as the endpoint does; only when it is the same address. */
function respell(attributes: Map<string, string>, key: string, endpoint?: InputEndpoint): boolean {
  const [ours, theirs] = [endpoint?.ipv6, attributes.get(key)];
  if (ours === undefined || theirs === undefined || ours === theirs) return false;
  if (!isIPv6(ours) || !isIPv6(theirs)) return false;
  if (canonicalIpv6(ours) !== canonicalIpv6(theirs)) return false;
  attributes.set(key, ours);
  return true;
}

function canonicalIpv6(address: string): string {
  return new URL(`http://[${address}]`).hostname;
}

function withoutDifferent(
  events: readonly string[],
  annotations: readonly { readonly value: string }[],
): readonly string[] {
  return events.filter((_event, index) => !DIFFERENT_EVENT.test(annotations[index]?.value ?? ''));
}

interface Case {
  readonly name: string;
  readonly input: string;
  readonly batches: readonly CollectorBatch[];
}

function read(...names: string[]): string {
  return readFileSync(path.join(CORPUS ?? '', ...names), 'utf8');
}

/** Small documents, one situation each, and real dumps. The collector refuses some. */
function cases(): Case[] {
  const { cases: situations } = JSON.parse(read('cases', 'semantics', 'translation_cases.json'));
  const small = situations
    .filter(({ format }: { format: string }) => format === 'zipkin2')
    .map(
      ({ id, input, output }: { id: string; input: object; output: { collector_otlp: object } }) =>
        asCase(id, JSON.stringify(input), output.collector_otlp),
    );
  const dumps = readdirSync(path.join(CORPUS ?? '', 'cases', 'semantics', 'zipkin')).map((file) => {
    const { source, collector_otlp } = JSON.parse(read('cases', 'semantics', 'zipkin', file));
    return asCase(source, read('traces', source), collector_otlp);
  });
  const isV2 = ({ name }: Case): boolean => !name.startsWith('zipkin-v1');
  return [...small, ...dumps.filter(isV2)].filter(({ batches }) => batches.length > 0);
}

function asCase(name: string, input: string, output: object): Case {
  return { name, input, batches: 'resourceSpans' in output ? (output.resourceSpans as []) : [] };
}

corpusTest(
  'spans agree with the collector but for the stated deviations, each of which occurs',
  () => {
    const used = new Set<string>();
    const all = cases();
    expect(all.length).toBeGreaterThan(40);
    for (const { name, input, batches } of all) {
      const records: Input[] = [JSON.parse(input)].flat(2);
      const recordOf = ({ ids, kind }: Comparable): Input =>
        records.find(
          (record) =>
            record.id.padStart(16, '0').toLowerCase() === ids[1] &&
            (record.kind ?? 'UNSPECIFIED').toLowerCase() === kind,
        ) ?? { id: '' };
      const expected = ofCollector(batches);
      for (const span of expected) {
        const record = recordOf(span);
        for (const { rule, change } of DEVIATIONS) if (change(span, record)) used.add(rule);
      }
      const actual = decodeText(zipkinV2, input).spans.map(ofSpan);
      for (const span of actual) {
        span.events = withoutDifferent(span.events, recordOf(span).annotations ?? []);
        // The collector keeps one address of an endpoint.
        span.attributes.delete('net.host.ip');
        span.attributes.delete('net.peer.ip');
      }
      expect(lines(actual), name).toEqual(lines(expected));
    }
    expect([...used].sort()).toEqual(DEVIATIONS.map(({ rule }) => rule).sort());
  },
);
