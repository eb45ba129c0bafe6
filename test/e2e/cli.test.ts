import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { BIN, newUser, ROOT, temporaryFolder } from '../helpers/run-tracecli.ts';

const SHOP = 'fixtures/shop.otlp.jsonl';

function schemaValidator(run: ReturnType<typeof newUser>, name: string) {
  const schema = JSON.parse(run(['schema', name]).stdout);
  return new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(schema);
}

describe('import', () => {
  test('says what came in, and the second time that it was known', () => {
    const run = newUser();
    const first = run(['import', SHOP]);
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    expect(first.stdout).toMatch(
      /^imported \d+ spans \(\d+ traces\) from fixtures\/shop.otlp.jsonl as otlp-json\n/,
    );
    const again = JSON.parse(run(['import', SHOP, '--json']).stdout);
    expect(again.totals.spansAdded).toBe(0);
    expect(again.totals.spansDuplicate).toBe(again.totals.spans);
  });

  test('reads gzip from standard input', () => {
    const run = newUser();
    const { status, stdout } = run(
      ['import', '-', '--json'],
      gzipSync(readFileSync(path.join(ROOT, SHOP))),
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout).files[0]).toMatchObject({ name: '-', format: 'otlp-json' });
  });

  test('a file that is no dump exits 3 and says what to do; a good one beside it is imported', () => {
    const run = newUser();
    const { status, stdout, stderr } = run(['import', 'LICENSE', SHOP]);
    expect(status).toBe(3);
    expect(stderr).toContain('error: LICENSE is not a trace dump');
    expect(stdout).toContain(`from ${SHOP} as otlp-json`);
  });

  test('a folder with other files in it is fine', () => {
    const run = newUser();
    const { status, stderr } = run(['import', 'fixtures']);
    expect(stderr).toContain('is not a trace dump');
    expect(status).toBe(0);
  });

  test('--replace empties the store first', () => {
    const run = newUser();
    run(['import', SHOP]);
    run(['import', 'fixtures/declined.otlp.jsonl', '--replace']);
    expect(JSON.parse(run(['traces', '--json']).stdout).matching).toBe(1);
  });

  test('the document fits its schema', () => {
    const run = newUser();
    const valid = schemaValidator(run, 'import');
    valid(JSON.parse(run(['import', SHOP, 'LICENSE', '--json']).stdout));
    expect(valid.errors ?? []).toEqual([]);
  });
});

describe('questions to the store', () => {
  const run = newUser.bind(null);

  test.each([
    ['traces', ['traces', '--json']],
    ['analyze', ['analyze', '--json']],
    ['store-info', ['store', 'info', '--json']],
  ])('%s prints a document that fits its schema', (name, args) => {
    const user = run();
    user(['import', SHOP]);
    const valid = schemaValidator(user, name);
    const { stdout, status } = user(args);
    expect(status).toBe(0);
    valid(JSON.parse(stdout));
    expect(valid.errors ?? []).toEqual([]);
  });

  test('show prints every trace of the fixtures as a document that fits its schema', () => {
    const user = run();
    user(['import', SHOP]);
    const valid = schemaValidator(user, 'show');
    const { traces } = JSON.parse(user(['traces', '--json', '--limit', '8']).stdout);
    for (const { traceId } of traces) {
      valid(JSON.parse(user(['show', traceId, '--json']).stdout));
      expect(valid.errors ?? []).toEqual([]);
    }
  });

  test('the same store and arguments give the same bytes', () => {
    const user = run();
    user(['import', SHOP]);
    for (const args of [['analyze', '--json'], ['analyze'], ['traces', '--json'], ['traces']]) {
      expect(user(args).stdout).toBe(user(args).stdout);
    }
  });

  test('words and options choose traces', () => {
    const user = run();
    user(['import', SHOP]);
    const { traces } = JSON.parse(
      user(['traces', 'checkout', '--errors', '--sort', 'duration', '--json']).stdout,
    );
    expect(traces.length).toBeGreaterThan(0);
    for (const trace of traces) expect(trace.errors).toBeGreaterThan(0);
    const durations = traces.map((trace: { durationNs: number }) => trace.durationNs);
    expect(durations).toEqual(durations.toSorted((a: number, b: number) => b - a));
  });

  test('without a terminal a dump is analysed instead of explored, and no store is left', () => {
    const user = run();
    const { status, stdout } = user([SHOP]);
    expect(status).toBe(0);
    expect(stdout).toContain('Critical path: where the time of the traces goes');
    expect(user(['traces']).status).toBe(3);
  });

  test('analyze takes a dump from standard input', () => {
    const { status, stdout } = run()(
      ['analyze', '-', '--json'],
      readFileSync(path.join(ROOT, SHOP)),
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout).inputs).toEqual([{ name: '-', format: 'otlp-json' }]);
  });
});

test('global options stand before or after the command', () => {
  const user = newUser();
  const store = path.join(temporaryFolder(), 'mine.db');
  user(['--store', store, 'import', SHOP]);
  expect(user(['traces', '--store', store]).status).toBe(0);
  expect(user(['--store', store, 'store', 'info']).stdout).toContain(store);
  expect(user(['traces']).status).toBe(3);
});

describe('failures', () => {
  test('an option that is echoed cannot act on the terminal', () => {
    const { status, stderr } = newUser()(['traces', '--x\u001b]52;c;ZXZpbA==\u0007']);
    expect(status).toBe(2);
    expect(stderr).toContain('␛]52;c;ZXZpbA==␇');
  });

  test.skipIf(!existsSync('/proc'))('a folder that the system never makes is an error', () => {
    const { status, stderr } = newUser()(['import', SHOP, '--store', '/proc/x/y.db']);
    expect(status).toBe(3);
    expect(stderr).toContain('error: cannot write the store /proc/x/y.db');
  });

  test('an unknown format is a usage error, and no store is made', () => {
    const user = newUser();
    expect(user(['import', SHOP, '--format', 'jaegr']).status).toBe(2);
    expect(user(['traces']).stderr).toContain('there is no store');
  });

  test("a folder's other files are a line each", () => {
    const { stderr } = newUser()(['import', 'fixtures/shop', SHOP]);
    for (const line of stderr.trim().split('\n')) expect(line).toMatch(/^skipped: /);
  });

  test('no trace matches', () => {
    const user = newUser();
    user(['import', SHOP]);
    expect(user(['traces', 'nonesuch']).stdout).toBe('no trace matches\n');
  });

  test('no store yet: exit 3 and the way out', () => {
    const { status, stderr } = newUser()(['traces']);
    expect(status).toBe(3);
    expect(stderr).toMatch(/error: there is no store at .*\ntry: import a dump first/);
  });

  test('--json prints the failure as JSON too', () => {
    const { status, stdout } = newUser()(['analyze', 'missing.json', '--json']);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'tracecli.analyze/1',
      error: { what: 'no such file or directory: missing.json' },
    });
  });

  test.each([
    [['analyse'], 2],
    [['analyze', '--only', 'latencies'], 2],
    [['traces', '--sort', 'size'], 2],
    [['traces', '--limit', '0'], 2],
    [['--nonsense'], 2],
    [['schema', 'analyse'], 2],
  ])('%j is a usage error', (args, code) => {
    expect(newUser()(args).status).toBe(code);
  });

  test('a reader that stops early ends the command quietly', async () => {
    const folder = temporaryFolder();
    const env = { PATH: process.env['PATH'], HOME: folder };
    const child = spawn(
      'sh',
      ['-c', `"${process.execPath}" "${BIN}" analyze "${SHOP}" --json | head -1`],
      {
        cwd: ROOT,
        env,
      },
    );
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});
