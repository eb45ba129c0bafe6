import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { TRACECLI_CORPUS = '../shared' } = process.env;
const FOLDER = path.resolve(ROOT, TRACECLI_CORPUS);

/** The folder of dumps and reference results that are not part of this repository; null where it is absent. */
export const CORPUS: string | null = existsSync(path.join(FOLDER, 'traces')) ? FOLDER : null;

if (CORPUS === null) {
  console.warn(`no corpus at ${FOLDER}: its tests are skipped; set TRACECLI_CORPUS to run them`);
}

/** A test that reads the corpus; skipped where there is none. */
export const corpusTest = test.skipIf(CORPUS === null);
