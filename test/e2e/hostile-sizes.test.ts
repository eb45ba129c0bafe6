import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { measuredRun } from '../bench/measured-run.ts';
import { BIN, newUser, ROOT, temporaryFolder } from '../helpers/run-tracecli.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

function otlp(...spans: readonly object[]): string {
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

function span(index: number, more: object = {}): object {
  const spanId = String(index + 1).padStart(16, '0');
  return { traceId: TRACE_ID, spanId, startTimeUnixNano: '1', endTimeUnixNano: '9', ...more };
}

/** Gzip members that each hold as many spaces. */
function gzipBomb(): Buffer {
  const member = gzipSync(Buffer.alloc(16 << 20, ' '));
  return Buffer.concat([gzipSync('{"resourceSpans":[]}'), ...Array<Buffer>(20).fill(member)]);
}

/** One zstd frame of blocks that are four bytes and stand for 128 KiB of spaces. */
function zstdBomb(): Buffer {
  const begin = Buffer.from('28b52ffd0038', 'hex');
  const block = Buffer.alloc(4, ' ');
  block.writeUIntLE((128 * 1024 * 8) | (1 << 1), 0, 3);
  return Buffer.concat([begin, ...Array<Buffer>(4000).fill(block)]);
}

describe('a bomb is refused before it does harm', () => {
  test.each([
    ['gzip', gzipBomb()],
    ['Zstandard', zstdBomb()],
  ])('of %s', (_format, bomb) => {
    const dump = path.join(temporaryFolder(), 'bomb');
    writeFileSync(dump, bomb);
    const { status, stderr } = newUser()(['import', dump, '--format', 'otlp-json']);
    expect(stderr).toMatch(/^error: \S+bomb swells to more than 250 times its size\n {2}after \d+/);
    expect(stderr).toMatch(/\ntry: .*gunzip -c FILE \| tracecli import -, or zstd -dc\n$/);
    expect(status).toBe(3);
  });

  test('a small file may say the same a thousand times', () => {
    const dump = gzipSync(`${otlp(span(0))}${' '.repeat(20 << 20)}`);
    expect(newUser()(['import', '-', '-q'], dump)).toMatchObject({ status: 0, stderr: '' });
  });
});

test.each([
  [
    'gzip',
    gzipSync(Buffer.concat([Buffer.from(`${otlp(span(0))}\n`), Buffer.alloc(60 << 20, ' ')])),
  ],
  ['Zstandard', zstdBomb().subarray(0, 6 + 4 * 450)],
])('a few bytes of %s that give many do not fill the memory', (_format, bytes) => {
  const folder = temporaryFolder();
  const dump = path.join(folder, 'dump');
  writeFileSync(dump, bytes);
  const args = [BIN, 'import', dump, '--format', 'otlp-json', '--store', path.join(folder, 's.db')];
  const usage = measuredRun(args, path.join(ROOT, 'test/bench/report-usage.cjs'));
  expect(usage?.peakMiB ?? 0).toBeLessThan(150);
});

test('an attribute of 100 MB is passed over by name, and read with the memory that the message names', () => {
  const folder = temporaryFolder();
  const dump = path.join(folder, 'dump.json');
  const value = { stringValue: 'x'.repeat(100_000_000) };
  writeFileSync(dump, otlp(span(0), span(1, { attributes: [{ key: 'big', value }] }), span(2)));
  const run = newUser();
  const first = run(['import', dump, '--json']);
  const { files } = JSON.parse(first.stdout);
  expect(files[0]).toMatchObject({ records: 3, spans: 2, dropped: 1 });
  const [issue] = files[0].issues;
  expect(issue).toMatchObject({ code: 'record-too-large', firstAt: { line: 1, byte: 164 } });
  const [, memory = ''] = /--max-memory (\d+MB) takes it$/.exec(issue.example) ?? [];
  const args = [BIN, 'import', dump, '--store', path.join(folder, 's.db'), '--json'];
  const usage = measuredRun(
    [...args, '--max-memory', memory],
    path.join(ROOT, 'test/bench/report-usage.cjs'),
  );
  expect(JSON.parse(usage?.output ?? '{}').totals).toMatchObject({ spans: 3 });
  expect(usage?.peakMiB ?? 0).toBeLessThan(Number.parseInt(memory, 10));
});

test.each([
  ['OTLP', otlp(span(0), span(1, { traceId: 'a'.repeat(1000) })), 'trace-id-missing'],
  ['OTLP', otlp(span(0), span(1, { spanId: 'z'.repeat(1000) })), 'span-id-missing'],
  [
    'Jaeger',
    JSON.stringify({
      data: [
        {
          spans: [
            { traceID: '1', spanID: '1', processID: 'p1', startTime: 1, duration: 1 },
            { traceID: `trace-${'x'.repeat(1000)}`, spanID: '2', startTime: 1, duration: 1 },
          ],
          processes: {},
        },
      ],
    }),
    'trace-id-missing',
  ],
])('an id of a thousand characters in %s is none, and that is said', (_format, text, code) => {
  const { stdout } = newUser()(['import', '-', '--json'], text);
  const [file] = JSON.parse(stdout).files;
  expect(file).toMatchObject({ records: 2, spans: 1, dropped: 1 });
  const issue = file.issues.find((each: { code: string }) => each.code === code);
  expect(issue.example).toMatch(/100\d characters, an id has at most 256/);
});

test('a span with 50,000 attributes is stored with all of them', () => {
  const attributes = Array.from({ length: 50_000 }, (_, i) => ({
    key: `k${i}`,
    value: { intValue: i },
  }));
  const run = newUser();
  expect(run(['import', '-', '-q'], otlp(span(0, { attributes }))).status).toBe(0);
  const shown = JSON.parse(run(['show', TRACE_ID, '--json']).stdout);
  expect(Object.keys(shown.trace.spans[0].attributes).length).toBe(50_000);
});
