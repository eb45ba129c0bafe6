import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { type MadeFormat, madeDump } from './made-dump.ts';

/**
 * Writes a dump of about `spans` spans to a file, holding no more than a batch of it. The file appears when it is complete.
 * Same arguments, same bytes.
 */
export function generateDump(
  format: MadeFormat,
  spans: number,
  file: string,
  seed?: number,
  spread?: number,
): void {
  writeDump(file, madeDump(format, spans, seed, spread));
}

/** Writes a dump in the same way from its pieces. */
export function writeDump(file: string, pieces: Iterable<string>): void {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  const unfinished = `${file}.part`;
  const target = openSync(unfinished, 'w');
  try {
    for (const piece of pieces) writeSync(target, piece);
  } finally {
    closeSync(target);
  }
  renameSync(unfinished, file);
}
