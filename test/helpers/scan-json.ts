import { jsonDecoder } from '../../src/importers/json/json-scanner.ts';
import {
  either,
  type JsonValue,
  list,
  object,
  type Shape,
  value,
} from '../../src/importers/json/json-shape.ts';

/** One thing that the scanner told, in one line. */
export type Told = string;

/** A small format: `id` is read, `rows` are objects whose `cell` is read. */
export function toldShape(tell: (told: Told) => void): Shape {
  const cell = value((read, at) => tell(`cell ${text(read)} @${at.line}:${at.byte}`));
  const document = object(
    {
      id: value((read, at) => tell(`id ${text(read)} @${at.line}:${at.byte}`)),
      list: list(value((read, at) => tell(`item ${text(read)} @${at.line}:${at.byte}`))),
      rows: list(
        object(
          { cell },
          {
            open: () => tell('row'),
            close: (_at, isWhole) => tell(isWhole ? 'end' : 'broken off'),
            unknown: (key) => tell(`unknown ${key}`),
          },
        ),
      ),
    },
    { named: (key) => tell(`key ${key}`) },
  );
  return either(
    () => document,
    () => list(document),
  );
}

function text(read: JsonValue): string {
  return JSON.stringify(read, (_key, each: JsonValue) =>
    typeof each === 'bigint' ? `${each}n` : each,
  );
}

/** Scans a dump in pieces, each of which is overwritten once the scanner has had it. */
export function scan(dump: string | Uint8Array, chunkBytes = Number.MAX_SAFE_INTEGER): Told[] {
  const told: Told[] = [];
  const decoder = jsonDecoder(
    toldShape((each) => told.push(each)),
    {
      span: () => {},
      record: () => {},
      split: () => {},
      // The excerpt in an example is what has arrived of the line, so it is left out here.
      issue: (code, at) => told.push(`${code} @${at.line}:${at.byte}`),
    },
  );
  const bytes = typeof dump === 'string' ? new TextEncoder().encode(dump) : dump;
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = Uint8Array.from(bytes.subarray(at, at + chunkBytes));
    decoder.push(chunk);
    chunk.fill(0xff);
  }
  decoder.end();
  return told;
}
