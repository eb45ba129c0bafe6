import type { JsonObject } from './json/json-shape.ts';
import { isJsonList, isJsonObject } from './read-field.ts';
import type { DumpHead } from './trace-format.ts';

/** Enough to get past a few odd records at the beginning of a dump. */
const MAX_SAMPLE = 20;

/** The first objects of a dump that are its values, or elements of a list that is one. */
export function sampleObjects(head: DumpHead): readonly JsonObject[] {
  return head.values
    .slice(0, MAX_SAMPLE)
    .flatMap((value) => (isJsonList(value) ? value.slice(0, MAX_SAMPLE) : [value]))
    .filter(isJsonObject);
}
