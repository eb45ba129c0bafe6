import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exploreStore } from '../helpers/explored-store.ts';
import { hostileDump } from '../helpers/hostile-dumps.ts';
import { surviveImport } from '../helpers/hostile-import.ts';
import { surviveParse, TEXT_PARSERS } from '../helpers/hostile-texts.ts';
import { dumpOf } from '../helpers/import-bytes.ts';
import { anyEdits, mutated } from '../helpers/mutated-bytes.ts';

describe.each(TEXT_PARSERS.map((parser) => [parser.name, parser] as const))('%s', (_, parser) => {
  const donors = parser.seeds.map((text) => Buffer.from(text));

  test('its seeds are taken', () => {
    for (const text of parser.seeds) parser.parse(text);
  });

  test('whatever is wrong is a usage error, never a crash', () => {
    const cases = fc.record({ seed: fc.constantFrom(...donors), edits: anyEdits });
    fc.assert(
      fc.property(cases, ({ seed, edits }) => {
        surviveParse(parser, mutated(seed, edits, donors).toString());
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '(',
    '{',
    '[',
    '!',
    '-',
    '((({ .a = 1 } && ',
    '{ .a = 1 } >> ',
    '"',
    '- ',
    'a: ',
    '? ',
  ])('20,000 times %j ends soon', (text) => {
    const start = process.cpuUsage().user;
    expect(['taken', 'refused']).toContain(surviveParse(parser, text.repeat(20_000)));
    expect(process.cpuUsage().user - start).toBeLessThan(10e6);
  });
});

test('whatever was imported can be looked at', async () => {
  await fc.assert(
    fc.asyncProperty(hostileDump, async (dump) => {
      await surviveImport(() => dumpOf(dump.bytes), { look: exploreStore });
    }),
    { numRuns: 60 },
  );
});
