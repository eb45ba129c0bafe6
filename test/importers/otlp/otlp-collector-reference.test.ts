import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { parseJson } from '../../../src/importers/json/parse-json.ts';
import { otlpJson } from '../../../src/importers/otlp/otlp-json.ts';
import { type CollectorBatch, lines, ofCollector, ofSpan } from '../../helpers/collector-spans.ts';
import { CORPUS, corpusTest } from '../../helpers/corpus.ts';
import { decodeText } from '../../helpers/decode-text.ts';

interface Case {
  readonly id: string;
  readonly format: string;
  readonly input: unknown;
  readonly output: {
    readonly collector_otlp: { readonly resourceSpans: readonly CollectorBatch[] };
  };
}

/** Where the collector's answer is not what a span of ours should be. */
const DEVIATIONS: ReadonlyMap<string, string> = new Map([
  ['otlp/zero-ids', 'a span without ids is kept by the collector, dropped here'],
  ['otlp/types', 'the collector writes doubles, lists and maps in more ways than this test reads'],
]);

/** JSON with integers past 2^53 as they were. */
function textOf(value: unknown): string {
  const marked = JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'bigint' ? `@integer ${each}` : each,
  );
  return marked.replaceAll(/"@integer (-?\d+)"/g, '$1');
}

corpusTest('OTLP JSON means what the collector takes it to mean', () => {
  const file = path.join(CORPUS ?? '', 'cases/semantics/translation_cases.json');
  const { cases } = parseJson(readFileSync(file, 'utf8')) as unknown as { cases: readonly Case[] };
  const compared = cases.filter(({ id, format }) => format === 'otlp' && !DEVIATIONS.has(id));
  expect(compared.length).toBeGreaterThan(15);
  for (const { id, input, output } of compared) {
    const own = decodeText(otlpJson, textOf(input)).spans.map(ofSpan);
    const reference = ofCollector(output.collector_otlp.resourceSpans);
    expect(own.length, id).toBeGreaterThan(0);
    expect(lines(own), id).toEqual(lines(reference));
  }
});
