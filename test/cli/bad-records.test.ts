import { expect, test } from 'vitest';
import { newUser } from '../helpers/run-tracecli.ts';

const SPAN = '{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331"}';
const dump = (spans: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans}]}]}]}`;
const nested = `{"traceId":${'['.repeat(600)}${']'.repeat(600)}}`;

test.each([
  ['a span with a misspelt word', dump('{"traceId":tru}'), /1 of 1 records.*\n.*byte 54/],
  [
    'the beginning of a span',
    '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"1"',
    /1 of 1 rec.*\n.*byte 43/,
  ],
  [
    'the beginning of a list',
    '{"resourceSpans":[{"scopeSpans":[',
    /no span could be read.*\n.*byte 0/,
  ],
  ['a span nested too deep', dump(nested), /1 of 1 records.*\n.*byte 43: more than 512 levels/],
  [
    'something behind an empty list',
    '{"resourceSpans":[]}\nxx',
    /no span could be read.*\n.*line 2, byte 21/,
  ],
])(
  'a dump of nothing but %s is refused with the place, not taken as empty',
  (_what, text, told) => {
    const run = newUser();
    for (const command of ['import', 'analyze']) {
      const { status, stderr } = run([command, '-'], text);
      expect(stderr).toMatch(told);
      expect(stderr).toMatch(/\ntry: .+\n$/);
      expect(status).toBe(3);
    }
  },
);

test('a record that is lost is one of the records that are counted', () => {
  const { stdout, status } = newUser()(
    ['import', '-', '--json'],
    dump([SPAN, '{"traceId":tru}', nested, SPAN.replace('31"}', '32"}')].join(',')),
  );
  expect(status).toBe(0);
  expect(JSON.parse(stdout).files[0]).toMatchObject({ records: 4, spans: 2, dropped: 2 });
});

test.each(['[]', '{"data":[]}', '{"resourceSpans":[]}'])('%s is a dump without traces', (text) => {
  expect(newUser()(['import', '-'], text)).toMatchObject({ status: 0, stderr: '' });
});
