import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { sqlite } from '../../src/store/sqlite.ts';
import { newUser, temporaryFolder } from '../helpers/run-tracecli.ts';

const SHOP = 'fixtures/shop.otlp.jsonl';

/** A user whose store holds the shop's traces. */
function shopKeeper() {
  const run = newUser();
  const store = path.join(temporaryFolder(), 'shop.db');
  run(['import', SHOP, '--store', store]);
  const json = (args: readonly string[]) =>
    JSON.parse(run([...args, '--json', '--store', store]).stdout);
  return { store, json, run: (args: readonly string[]) => run([...args, '--store', store]) };
}

test.each([['check'], ['prune', '--keep', '5'], ['vacuum']])(
  'store %s prints a document that fits its schema',
  (name, ...args) => {
    const { run, json } = shopKeeper();
    const schema = JSON.parse(run(['schema', `store-${name}`]).stdout);
    const valid = new Ajv2020({ strict: false }).compile(schema);
    valid(json(['store', name, ...args]));
    expect(valid.errors ?? []).toEqual([]);
  },
);

describe('check', () => {
  test('a sound store', () => {
    const { run, store } = shopKeeper();
    const { status, stdout, stderr } = run(['store', 'check']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(
      `the store is sound: ${store}\n62 traces, 533 spans\n  structure   sound\n  spans       sound\n  references  sound\n  summaries   sound\n  views       sound\n`,
    );
  });

  test('a damaged store exits 3, says what is wrong and what to do', () => {
    const { run, json, store } = shopKeeper();
    const database = new sqlite(store);
    database.exec('UPDATE trace_summaries SET spans = 1 WHERE trace_key = 1');
    database.close();
    const { status, stdout, stderr } = run(['store', 'check']);
    expect(status).toBe(3);
    expect(stdout).toContain('summaries   1 traces are listed with other numbers');
    expect(stderr).toMatch(/^try: import the dumps again/);
    expect(json(['store', 'check'])).toMatchObject({ isSound: false });
  });

  test('a file whose pages are gone exits 3', () => {
    const { run, store } = shopKeeper();
    const descriptor = openSync(store, 'r+');
    const { size } = statSync(store);
    writeSync(descriptor, Buffer.alloc(size - 8192, 0x5a), 0, size - 8192, 8192);
    closeSync(descriptor);
    const { status, stdout, stderr } = run(['store', 'check']);
    expect(status).toBe(3);
    expect(stdout + stderr).toContain('damaged');
  });
});

describe('prune', () => {
  test('a dry run says what would go and changes nothing', () => {
    const { run, json } = shopKeeper();
    const { stdout } = run(['store', 'prune', '--keep', '60', '--dry-run']);
    expect(stdout).toMatch(
      /^would remove 2 traces, \d+ spans, oldest first\nthe store would hold 60 traces/,
    );
    expect(json(['traces']).matching).toBe(62);
  });

  test('what is kept is the beginning of the list of traces', () => {
    const { run, json } = shopKeeper();
    const before = json(['traces', '--limit', '10']).traces;
    expect(run(['store', 'prune', '--keep', '10']).stdout).toMatch(/^removed 52 traces/);
    expect(json(['traces', '--limit', '100']).traces).toEqual(before);
    expect(run(['store', 'check']).status).toBe(0);
  });

  test('--older-than counts back from the newest trace', () => {
    const { run, json } = shopKeeper();
    const { matching } = json(['traces', '--since', '2m']);
    run(['store', 'prune', '--older-than', '2m']);
    expect(json(['traces']).matching).toBe(matching);
    expect(matching).toBeLessThan(62);
  });

  test('--max-size makes the file as small as asked for', () => {
    const { run, json, store } = shopKeeper();
    const { sizeBytes } = json(['store', 'info']);
    const limit = Math.round(sizeBytes * 0.85);
    run(['store', 'prune', '--max-size', `${limit}`]);
    expect(statSync(store).size).toBeLessThanOrEqual(limit);
    expect(json(['traces']).matching).toBeGreaterThan(0);
  });

  test.each([[[]], [['--dry-run']]])(
    'a size that no store has is refused with the least there is, and removes nothing (%j)',
    (args) => {
      const { run, json } = shopKeeper();
      const { status, stderr } = run(['store', 'prune', '--max-size', '100kB', ...args]);
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /^error: no store is as small as 100000 bytes\n {2}without any trace this one takes \d+ bytes\ntry: --max-size 1MB or more\n$/,
      );
      expect(json(['traces']).matching).toBe(62);
    },
  );

  test('a pruned dump can be imported again', () => {
    const { run, json } = shopKeeper();
    const all = json(['traces', '--limit', '100']).traces;
    run(['store', 'prune', '--keep', '3']);
    run(['import', SHOP]);
    expect(json(['traces', '--limit', '100']).traces).toEqual(all);
  });

  test.each([[[]], [['--keep', '0']], [['--max-size', 'big']], [['--older-than', 'yesterday']]])(
    '%j is a usage error and removes nothing',
    (args) => {
      const { run, json } = shopKeeper();
      expect(run(['store', 'prune', ...args]).status).toBe(2);
      expect(json(['traces']).matching).toBe(62);
    },
  );
});

test('vacuum gives back the room of pruned traces', () => {
  const { run, json, store } = shopKeeper();
  expect(run(['store', 'prune', '--keep', '1']).stdout).toContain('tracecli store vacuum');
  const before = statSync(store).size;
  expect(run(['store', 'vacuum']).status).toBe(0);
  expect(statSync(store).size).toBeLessThan(before);
  expect(json(['traces']).matching).toBe(1);
});

test.each([['check'], ['prune', '--keep', '1'], ['vacuum'], ['info']])(
  'store %s without a store exits 3 and makes none',
  (...args) => {
    const run = newUser();
    const store = path.join(temporaryFolder(), 'none.db');
    const { status, stdout } = run(['store', ...args, '--store', store, '--json']);
    expect(status).toBe(3);
    expect(JSON.parse(stdout).schema).toBe(`tracecli.store-${args[0]}/1`);
    expect(statSync(store, { throwIfNoEntry: false })).toBeUndefined();
  },
);
