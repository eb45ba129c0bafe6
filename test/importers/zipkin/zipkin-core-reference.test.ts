import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { expect } from 'vitest';
import { zipkinV2 } from '../../../src/importers/zipkin/zipkin-v2.ts';
import type { AttributeValue } from '../../../src/model/attributes.ts';
import { type Span, serviceName, TIME_FLAGS, UNKNOWN_SERVICE } from '../../../src/model/span.ts';
import { CORPUS, corpusTest } from '../../helpers/corpus.ts';
import { decodeText } from '../../helpers/decode-text.ts';

/** A span as Zipkin's own library prints it, also out of v1. */
interface CoreSpan {
  readonly traceId: string;
  readonly parentId?: string;
  readonly id: string;
  readonly kind?: string;
  readonly name?: string;
  readonly timestamp?: number;
  readonly duration?: number;
  readonly localEndpoint?: CoreEndpoint;
  readonly remoteEndpoint?: CoreEndpoint;
  readonly annotations?: readonly { readonly timestamp: number; readonly value: string }[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly debug?: boolean;
  readonly shared?: boolean;
}

interface CoreEndpoint {
  readonly serviceName?: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly port?: number;
}

/** What both sides are reduced to. Zipkin's library prints names in lower case, and sorts annotations and tags. */
interface Comparable {
  readonly ids: readonly (string | null)[];
  readonly kind: string;
  readonly name: string;
  readonly startNs: bigint | null;
  readonly durationNs: number | null;
  readonly service: string;
  readonly local: readonly AttributeValue[];
  readonly remote: readonly AttributeValue[];
  readonly annotations: readonly string[];
  readonly tags: readonly string[];
  readonly isError: boolean;
  readonly debug: boolean;
  readonly shared: boolean;
}

/** Tags that become a field of the span, whose rules have tests of their own. */
const MEANINGFUL = /^(error|span\.kind|w3c\.tracestate|otel\..*|otlp\..*)$/;
/** Annotations that become an event with attributes, likewise. */
const ENCODED = /[|"]/;

function ofCore(span: CoreSpan): Comparable {
  const { localEndpoint: local, remoteEndpoint: remote } = span;
  const tags = Object.entries(span.tags ?? {});
  return {
    ids: [span.traceId.padStart(32, '0'), span.id, span.parentId ?? null],
    // Zipkin has no word for an internal span; OpenTelemetry's exporters say it by a tag.
    kind: span.kind?.toLowerCase() ?? span.tags?.['span.kind'] ?? 'unspecified',
    name: span.name ?? '',
    startNs: span.timestamp === undefined ? null : BigInt(span.timestamp) * 1000n,
    durationNs: span.duration === undefined ? null : span.duration * 1000,
    service: local?.serviceName ?? UNKNOWN_SERVICE,
    local: [local?.ipv6 ?? local?.ipv4 ?? null, BigInt(local?.port ?? 0)],
    remote: [
      remote?.serviceName ?? null,
      remote?.ipv6 ?? remote?.ipv4 ?? null,
      BigInt(remote?.port ?? 0),
    ],
    annotations: (span.annotations ?? [])
      .map(({ timestamp, value }) => eventText(BigInt(timestamp) * 1000n, value))
      .sort(),
    tags: tags
      .filter(([key]) => !MEANINGFUL.test(key))
      .map(([key, value]) => `${key}=${digest(JSON.stringify(value))}`)
      .sort(),
    isError: tags.some(([key, value]) => key === 'error' || isErrorCode(key, value)),
    debug: span.debug ?? false,
    shared: span.shared ?? false,
  };
}

function isErrorCode(key: string, value: string): boolean {
  return key === 'otel.status_code' && /^(status_code_)?error$/i.test(value);
}

function ofSpan(span: Span): Comparable {
  const { attributes, timeFlags, origin } = span;
  const has = (flag: number): boolean => (timeFlags & flag) === 0;
  const isTag = (key: string): boolean => !isEndpointKey(key) && !MEANINGFUL.test(key);
  return {
    ids: [span.traceId, span.spanId, span.parentSpanId],
    kind: span.kind,
    name: span.name.toLowerCase(),
    startNs: has(TIME_FLAGS.noStart) ? span.startUnixNano : null,
    durationNs: has(TIME_FLAGS.noEnd) ? span.durationNs : null,
    service: serviceName(span.resource).toLowerCase(),
    local: [
      coreAddress(attributes.get('network.local.address')),
      attributes.get('network.local.port') ?? 0n,
    ],
    remote: [
      lowerCase(attributes.get('service.peer.name')),
      coreAddress(attributes.get('network.peer.address')),
      attributes.get('network.peer.port') ?? 0n,
    ],
    annotations: [
      ...new Set(
        span.events.map((event) =>
          eventText(event.timeUnixNano, event.attributes.size > 0 ? '|' : event.name),
        ),
      ),
    ].sort(),
    tags: [...attributes]
      .filter(([key]) => isTag(key))
      .map(([key, value]) => `${key}=${digest(JSON.stringify(value))}`)
      .sort(),
    isError: span.statusCode === 'error',
    debug: origin.debug,
    shared: origin.shared,
  };
}

function isEndpointKey(key: string): boolean {
  return /^(network\.(local|peer)\.(address|port)|service\.peer\.name|net\.(host|peer)\.ip)$/.test(
    key,
  );
}

/** Zipkin's library leaves out what it does not read: broken addresses, and IPv6 that ends in IPv4 notation. */
function coreAddress(value: AttributeValue | undefined): string | null {
  const isPlain = typeof value === 'string' && isIP(value) !== 0 && !/:.*\./.test(value);
  return isPlain ? value : null;
}

function lowerCase(value: AttributeValue | undefined): string | null {
  return typeof value === 'string' ? value.toLowerCase() : null;
}

function eventText(timeNs: bigint, text: string): string {
  return `${timeNs} ${ENCODED.test(text) ? '(encoded)' : digest(text)}`;
}

/** Real dumps hold what no log of a test run should. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

interface Case {
  readonly name: string;
  /** The dump. */
  readonly input: string;
  /** Zipkin's answer; an error when it refuses the dump as a whole, which no test looks at. */
  readonly core: readonly CoreSpan[];
}

function read(...names: string[]): string {
  return readFileSync(path.join(CORPUS ?? '', ...names), 'utf8');
}

/** Small documents, one situation each. */
function translationCases(): Case[] {
  const { cases } = JSON.parse(read('cases', 'semantics', 'translation_cases.json'));
  return cases
    .filter(({ format }: { format: string }) => format.startsWith('zipkin'))
    .map(
      ({ id, input, output }: { id: string; input: unknown; output: { zipkin_core_v2: [] } }) => ({
        name: id,
        input: JSON.stringify(input),
        core: output.zipkin_core_v2,
      }),
    );
}

/** Real dumps. */
function dumpCases(): Case[] {
  const folder = path.join(CORPUS ?? '', 'cases', 'semantics', 'zipkin');
  return readdirSync(folder).map((file) => {
    const { source, v2 } = JSON.parse(read('cases', 'semantics', 'zipkin', file));
    return { name: source, input: read('traces', source), core: v2 };
  });
}

function expectAgreement({ name, input, core }: Case): void {
  if (!Array.isArray(core)) return;
  const { spans, records, split } = decodeText(zipkinV2, input);
  expect(spans.length, name).toBe(records + split);
  expect(spans.map(ofSpan).sort(byText), name).toEqual(core.map(ofCore).sort(byText));
}

function byText(left: Comparable, right: Comparable): number {
  const [a, b] = [textOf(left), textOf(right)];
  return a < b ? -1 : Number(a > b);
}

function textOf(span: Comparable): string {
  return JSON.stringify(span, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
}

corpusTest('every situation reads as in Zipkin itself', () => {
  const cases = translationCases();
  expect(cases.length).toBeGreaterThan(50);
  for (const situation of cases) expectAgreement(situation);
});

corpusTest('every real dump reads as in Zipkin itself', () => {
  const cases = dumpCases();
  expect(cases.length).toBeGreaterThan(20);
  for (const dump of cases) expectAgreement(dump);
});
