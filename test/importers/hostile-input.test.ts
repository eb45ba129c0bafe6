import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CORPUS } from '../helpers/corpus.ts';
import { hostileDump } from '../helpers/hostile-dumps.ts';
import { surviveImport } from '../helpers/hostile-import.ts';
import { dumpOf } from '../helpers/import-bytes.ts';
import { anyEdits, mutated } from '../helpers/mutated-bytes.ts';
import { FIXTURES, type SeedDump, seedDumps } from '../helpers/seed-dumps.ts';

const MAX_SEED_BYTES = 20_000;
const anyChunkBytes = fc.constantFrom(64 * 1024, 5000, 300);

async function surviveEdits(seeds: readonly SeedDump[], numRuns: number): Promise<void> {
  expect(seeds.length).toBeGreaterThan(0);
  const donors = seeds.map(({ bytes }) => bytes);
  const cases = fc.record({
    seed: fc.constantFrom(...seeds),
    edits: anyEdits,
    chunkBytes: anyChunkBytes,
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ seed, edits, chunkBytes }) => {
      await surviveImport(() => dumpOf(mutated(seed.bytes, edits, donors), { chunkBytes }));
    }),
    { numRuns },
  );
}

describe('whatever a dump holds, it is read alike in both ways, counted, stored and read back, or refused', () => {
  test('fixtures with bytes changed, lost, doubled and mixed up', async () => {
    await surviveEdits(seedDumps(FIXTURES, MAX_SEED_BYTES), 400);
  });

  test.skipIf(CORPUS === null)('the same with the corpus (TRACECLI_CORPUS)', async () => {
    await surviveEdits(seedDumps(path.join(CORPUS ?? '', 'traces'), MAX_SEED_BYTES), 400);
  });

  test('records of every format with fields of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(hostileDump, anyChunkBytes, async (dump, chunkBytes) => {
        const { report } = await surviveImport(() => dumpOf(dump.bytes, { chunkBytes }));
        expect(report?.format).toBe(dump.format);
        // What holds for many records, their resource or processes, counts as one when it is lost.
        expect(report?.records).toBeGreaterThanOrEqual(dump.records);
        expect(report?.records).toBeLessThanOrEqual(dump.records + 2);
      }),
      { numRuns: 400 },
    );
  });
});
