import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { jaegerJson } from '../../../src/importers/jaeger/jaeger-json.ts';
import { otlpJson } from '../../../src/importers/otlp/otlp-json.ts';
import type { Attributes, AttributeValue } from '../../../src/model/attributes.ts';
import type { Span, StatusCode } from '../../../src/model/span.ts';
import { CORPUS, corpusTest } from '../../helpers/corpus.ts';
import { decodeText } from '../../helpers/decode-text.ts';

interface InputTag {
  readonly key: string;
  readonly type?: string;
  readonly value: string | number | boolean;
}

/** A span of the dump, for the rules below. */
interface Input {
  readonly tags?: readonly InputTag[] | null;
  readonly logs?: readonly { readonly fields?: readonly InputTag[] }[] | null;
  readonly process:
    | { readonly serviceName?: string; readonly tags?: readonly InputTag[] }
    | undefined;
}

/** What a span of the collector and one of the importer are both reduced to. */
interface Comparable {
  readonly ids: readonly (string | null)[];
  readonly name: string;
  readonly times: readonly bigint[];
  readonly traceState: string;
  readonly attributes: Map<string, AttributeValue>;
  readonly links: readonly unknown[];
  readonly events: readonly {
    timeUnixNano: bigint;
    name: string;
    attributes: Map<string, AttributeValue>;
  }[];
  readonly resource: Map<string, AttributeValue>;
  kind: string;
  code: StatusCode;
  message: string;
  scope: string;
}

function comparable(span: Span): Comparable {
  return {
    ids: [span.traceId, span.spanId, span.parentSpanId],
    name: span.name,
    times: [span.startUnixNano, span.endUnixNano],
    traceState: span.traceState,
    attributes: sorted(span.attributes),
    links: span.links.map(({ traceId, spanId, attributes }) => ({ traceId, spanId, attributes })),
    events: span.events.map(({ timeUnixNano, name, attributes }) => ({
      timeUnixNano,
      name,
      attributes: sorted(attributes),
    })),
    resource: sorted(span.resource.attributes),
    kind: span.kind,
    code: span.statusCode,
    message: span.statusMessage,
    scope: `${span.scope.name} ${span.scope.version}`,
  };
}

function sorted(attributes: Attributes): Map<string, AttributeValue> {
  return new Map([...attributes].sort(([left], [right]) => (left < right ? -1 : 1)));
}

function put(attributes: Map<string, AttributeValue>, tag: InputTag): void {
  const { key, value } = tag;
  attributes.set(key, typeof value === 'number' && tag.type === 'int64' ? BigInt(value) : value);
}

function tagOf(input: Input, key: string): InputTag | undefined {
  return input.tags?.findLast((tag) => tag.key === key);
}

/** Where this importer goes its own way: `change` makes the collector's answer what it ought to be, and tells if it did. */
interface Deviation {
  readonly rule: string;
  readonly change: (expected: Comparable, input: Input) => boolean;
}

const KIND = /^(client|server|producer|consumer|internal)$/i;

const DEVIATIONS: readonly Deviation[] = [
  {
    rule: 'an HTTP status is no outcome',
    change: (expected, input) => {
      const isSaid = tagOf(input, 'error') ?? tagOf(input, 'otel.status_code');
      if (isSaid !== undefined || expected.code === 'unset') return false;
      expected.code = 'unset';
      expected.message = '';
      return true;
    },
  },
  {
    rule: 'what Jaeger’s UI takes for an error is one, though it is no boolean',
    change: (expected, input) => {
      const value = tagOf(input, 'error')?.value;
      const isText = typeof value === 'string' && value !== '' && value.toLowerCase() !== 'false';
      if (!isText && !(typeof value === 'number' && value !== 0)) return false;
      expected.code = 'error';
      const isTrue = isText && value.toLowerCase() === 'true';
      if (isTrue) expected.attributes.delete('error');
      const message = tagOf(input, 'otel.status_description') ?? (isTrue ? undefined : { value });
      const http = tagOf(input, 'http.status_message');
      expected.message = textOf(message?.value) ?? textOf(http?.value) ?? '';
      expected.attributes.delete('otel.status_description');
      return true;
    },
  },
  {
    rule: 'a status code that is none stays',
    change: ({ attributes }, input) => {
      const tag = tagOf(input, 'otel.status_code');
      if (tag === undefined || /^(ok|error)$/i.test(String(tag.value))) return false;
      put(attributes, tag);
      return true;
    },
  },
  {
    rule: 'a kind that is none stays, and case does not matter',
    change: (expected, input) => {
      const tag = tagOf(input, 'span.kind');
      const name = String(tag?.value ?? '');
      if (tag === undefined || KIND.exec(name)?.[0] === name.toLowerCase()) return false;
      if (KIND.test(name)) expected.kind = name.toLowerCase();
      else put(expected.attributes, tag);
      return true;
    },
  },
  {
    rule: 'a library is a scope',
    change: (expected, input) => {
      const name = tagOf(input, 'otel.library.name')?.value;
      if (name === undefined || tagOf(input, 'otel.scope.name') !== undefined) return false;
      const version = tagOf(input, 'otel.library.version')?.value ?? '';
      expected.scope = `${name} ${version}`;
      expected.attributes.delete('otel.library.name');
      expected.attributes.delete('otel.library.version');
      return true;
    },
  },
  {
    rule: 'dropped counts are no attributes',
    change: ({ attributes }) => {
      const keys = ['attributes', 'events', 'links'].map((what) => `otel.dropped_${what}_count`);
      return keys.map((key) => attributes.delete(key)).includes(true);
    },
  },
  {
    rule: 'an event that is no text stays',
    change: ({ events }, input) => {
      let changed = false;
      for (const [index, log] of (input.logs ?? []).entries()) {
        const tag = log.fields?.findLast(({ key }) => key === 'event');
        const event = events[index];
        if (tag === undefined || typeof tag.value === 'string' || event === undefined) continue;
        put(event.attributes, tag);
        changed = true;
      }
      return changed;
    },
  },
  {
    rule: 'jaeger.version keeps its name',
    change: ({ resource }, input) => {
      const tag = input.process?.tags?.findLast(({ key }) => key === 'jaeger.version');
      if (tag === undefined || !resource.delete('opencensus.exporterversion')) return false;
      put(resource, tag);
      return true;
    },
  },
  {
    rule: 'a process without a service keeps its tags',
    change: ({ resource }, input) => {
      if (input.process?.serviceName !== 'OTLPResourceNoServiceName') return false;
      for (const tag of input.process.tags ?? []) put(resource, tag);
      return true;
    },
  },
];

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The collector's answer with the deviations that apply to it. */
function expectedOf(span: Span, input: Input): { expected: Comparable; rules: readonly string[] } {
  const expected = comparable(span);
  const rules = DEVIATIONS.filter(({ change }) => change(expected, input)).map(({ rule }) => rule);
  const { attributes, events, resource } = expected;
  const resorted = events.map((event) => ({ ...event, attributes: sorted(event.attributes) }));
  return {
    expected: {
      ...expected,
      attributes: sorted(attributes),
      events: resorted,
      resource: sorted(resource),
    },
    rules,
  };
}

interface InputTrace {
  readonly spans: readonly (Omit<Input, 'process'> & { readonly processID?: string })[];
  readonly processes?: Readonly<Record<string, Input['process']>>;
}

interface Case {
  readonly id: string;
  readonly format: string;
  readonly input: { readonly data: readonly InputTrace[] };
  readonly output: { readonly collector_otlp: object };
}

function readCases(file: string): readonly Case[] {
  const { cases }: { cases: Case[] } = JSON.parse(readFileSync(file, 'utf8'));
  return cases.filter(({ format }) => format === 'jaeger');
}

const SEMANTICS = path.join(CORPUS ?? '', 'cases', 'semantics');

corpusTest('Jaeger spans become what the collector makes of them, but for the stated rules', () => {
  const cases = readCases(path.join(SEMANTICS, 'translation_cases.json'));
  expect(cases.length).toBeGreaterThan(20);
  const used = new Set<string>();
  for (const { id, input, output } of cases) {
    const [trace] = input.data;
    const [record] = trace?.spans ?? [];
    const theirs = decodeText(otlpJson, output.collector_otlp).spans[0];
    const ours = decodeText(jaegerJson, input).spans[0];
    if (trace === undefined || record === undefined || theirs === undefined || ours === undefined) {
      throw new Error(`${id} has no span`);
    }
    const process = trace.processes?.[record.processID ?? ''];
    const { expected, rules } = expectedOf(theirs, { ...record, process });
    for (const rule of rules) used.add(rule);
    expect({ id, ...comparable(ours) }).toEqual({ id, ...expected });
  }
  expect(used.size).toBeGreaterThan(DEVIATIONS.length / 2);
});
