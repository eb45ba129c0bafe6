import type { Fields } from './json-reader.ts';
import type { KeptMeasure, MeasureSample } from './measure-sample.ts';
import { sampleOf, sampleText } from './sample-text.ts';

/** A measure as a baseline file has it; samples of whole numbers as text, others as lists. */
export function writtenMeasure({ measure, sample }: KeptMeasure): object {
  const { kind } = sample;
  switch (kind) {
    case 'values': {
      const { values, perTrace } = sample;
      const isSingle = perTrace === values;
      return {
        measure,
        kind,
        values: writtenSample(values),
        perTrace: isSingle ? null : writtenSample(perTrace),
      };
    }
    case 'ratio': {
      const { part, whole, perTrace, traces } = sample;
      return {
        measure,
        kind,
        part,
        whole,
        perTrace: perTrace && writtenSample(perTrace),
        traces: traces && [traces.count, traces.all],
      };
    }
    case 'amount':
      return { measure, kind, amount: sample.amount, runs: sample.runs };
  }
}

const KINDS = ['values', 'ratio', 'amount'] as const satisfies readonly MeasureSample['kind'][];

/** Reads what `writtenMeasure` wrote. */
export function readMeasure(item: Fields): KeptMeasure {
  return { measure: item.text('measure'), sample: readKind(item) };
}

function readKind(item: Fields): MeasureSample {
  const kind = item.oneOf('kind', KINDS);
  switch (kind) {
    case 'values': {
      const values = readSample(item, 'values');
      return {
        kind,
        values,
        perTrace: item.has('perTrace') ? readSample(item, 'perTrace') : values,
      };
    }
    case 'ratio':
      return {
        kind,
        part: item.number('part'),
        whole: item.number('whole'),
        perTrace: item.has('perTrace') ? readSample(item, 'perTrace') : null,
        traces: item.has('traces') ? readShare(item) : null,
      };
    case 'amount':
      return { kind, amount: item.count('amount'), runs: Math.max(1, item.count('runs')) };
  }
}

function readShare(item: Fields) {
  const [count, all] = item.textOrNumbers('traces');
  return typeof count === 'number' && typeof all === 'number'
    ? { count, all }
    : item.fail('traces', 'how many traces of how many');
}

function writtenSample(sorted: Float64Array): string | number[] {
  const isWhole = sorted.every((value) => Number.isSafeInteger(value) && value >= 0);
  return isWhole ? sampleText(sorted) : [...sorted];
}

function readSample(item: Fields, field: string): Float64Array {
  const written = item.textOrNumbers(field);
  if (typeof written !== 'string') return Float64Array.from(written).sort();
  return sampleOf(written) ?? item.fail(field, 'a sample of numbers');
}
