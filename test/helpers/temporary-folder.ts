import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

export interface TemporaryFolder {
  readonly path: string;
  /** A path in the folder. */
  file(name: string): string;
  /** Removes what is in the folder. */
  empty(): void;
}

/** A folder for the files of one test file, removed after its last test. */
export function temporaryFolder(): TemporaryFolder {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tracecli-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let generation = 0;
  return {
    path: folder,
    file: (name) => path.join(folder, String(generation), name),
    empty: () => {
      rmSync(path.join(folder, String(generation)), { recursive: true, force: true });
      generation++;
    },
  };
}
