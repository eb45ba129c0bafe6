import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sqlite } from '../../src/store/sqlite.ts';
import { madeDump } from '../bench/made-dump.ts';
import { newUser, temporaryFolder } from '../helpers/run-tracecli.ts';

/** What the store's `spans` view shows but for the name of the dump. */
function spansIn(store: string): unknown[] {
  const database = new sqlite(store, { readonly: true });
  try {
    return database
      .prepare(
        `SELECT trace_id, span_id, parent_span_id, service, name, kind, status, status_message, start_ns, duration_ns,
           attributes, resource_attributes, scope FROM spans ORDER BY trace_id, span_id, name`,
      )
      .raw()
      .all();
  } finally {
    database.close();
  }
}

test('a file that is read in a thread of its own gives what a pipe gives', () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'large.jsonl');
  const damaged = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":""}]}]}]}\n';
  const bytes = Buffer.from(`${[...madeDump('otlp-jsonl', 10_000)].join('')}\n${damaged}`);
  expect(bytes.length).toBeGreaterThan(8 * 1024 * 1024);
  writeFileSync(file, bytes);
  const run = newUser();
  const [fromFile, fromPipe] = ['file.db', 'pipe.db'].map((name) => path.join(folder, name));
  const ofFile = run(['import', file, '--json', '--store', fromFile ?? '']);
  const ofPipe = run(['import', '-', '--json', '--store', fromPipe ?? ''], bytes);
  expect(ofFile.status).toBe(0);
  const [ofLarge, ofSmall] = [ofFile, ofPipe].map(({ stdout }) => {
    const { totals, files } = JSON.parse(stdout);
    return { totals, issues: files[0].issues, dropped: files[0].dropped };
  });
  expect(ofLarge).toMatchObject({ dropped: 1, issues: [{ code: 'trace-id-missing', count: 1 }] });
  expect(ofLarge).toEqual(ofSmall);
  expect(spansIn(fromFile ?? '')).toEqual(spansIn(fromPipe ?? ''));
}, 60_000);

test('a large file that is no dump fails as a small one does', () => {
  const file = path.join(temporaryFolder(), 'large.txt');
  writeFileSync(file, Buffer.alloc(9 * 1024 * 1024, 'no dump\n'));
  const { status, stderr } = newUser()(['import', file]);
  expect(status).toBe(3);
  expect(stderr).toContain('is not a trace dump');
});
