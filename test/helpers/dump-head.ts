import { readJson } from '../../src/importers/json/json-reader.ts';
import type { DumpHead } from '../../src/importers/trace-format.ts';

/** The head of a dump: its first JSON value as far as it goes. A value that is not text is written as JSON first. */
export function headOf(dump: unknown): DumpHead {
  const text = typeof dump === 'string' ? dump : JSON.stringify(dump);
  const { value } = readJson(text, 0);
  return {
    bytes: new TextEncoder().encode(text),
    isWhole: true,
    values: value === undefined ? [] : [value],
  };
}
