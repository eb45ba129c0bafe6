import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A dump to start from. */
export interface SeedDump {
  /** Its path below the folder. */
  readonly name: string;
  /** Its beginning, or all of it. */
  readonly bytes: Buffer;
}

export const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** Every file below a folder, at most `maxBytes` of each, by path. */
export function seedDumps(folder: string, maxBytes: number): SeedDump[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      name: path.relative(folder, file),
      bytes: readFileSync(file).subarray(0, maxBytes),
    }));
}
