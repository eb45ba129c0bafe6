import { describe, expect, test } from 'vitest';
import { newUser } from '../helpers/run-tracecli.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

/** A dump as text, so that it may hold what JSON.stringify does not write. */
function dumpWith(fields: string): string {
  return `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${TRACE_ID}","spanId":"b7ad6b7169203331","startTimeUnixNano":"1755600000123457790","endTimeUnixNano":"1755600000123457791",${fields}}]}]}]}`;
}

function attributes(...pairs: readonly (readonly [key: string, value: string])[]): string {
  return `"attributes":[${pairs.map(([key, value]) => `{"key":${key},"value":${value}}`).join(',')}]`;
}

interface Kept {
  readonly issues: readonly { code: string; count: number; example: string }[];
  /** The span as `show --json` has it. */
  readonly span: { name: string; attributes: Record<string, unknown>; startUnixNano: string };
  /** The line of `export`. */
  readonly exported: string;
}

/** What becomes of a dump with one span. */
function kept(dump: string | Uint8Array): Kept {
  const run = newUser();
  const imported = run(['import', '-', '--json'], dump);
  expect(imported.stderr).toBe('');
  const [span] = JSON.parse(run(['show', TRACE_ID, '--json']).stdout).trace.spans;
  const exported = run(['export', '-q']).stdout;
  // What is exported is the same dump again.
  expect(JSON.parse(run(['import', '-', '--json'], exported).stdout).totals.spansDuplicate).toBe(1);
  return { issues: JSON.parse(imported.stdout).files[0].issues, span, exported };
}

test('names of properties that every object has are keys and names like any other', () => {
  const names = ['"__proto__"', '"constructor"', '"toString"', '"hasOwnProperty"'];
  const { span, issues, exported } = kept(
    dumpWith(
      `"name":"__proto__",${attributes(
        ...names.map((name) => [name, '{"intValue":"1"}'] as const),
        ['"map"', '{"kvlistValue":{"values":[{"key":"__proto__","value":{"intValue":"2"}}]}}'],
      )}`,
    ),
  );
  expect(issues).toEqual([]);
  expect(span.name).toBe('__proto__');
  expect(Object.keys(span.attributes)).toEqual([...names.map((name) => JSON.parse(name)), 'map']);
  expect(JSON.stringify(span.attributes['map'])).toBe('{"__proto__":2}');
  for (const name of names) expect(exported).toContain(`{"key":${name},"value":{"intValue":"1"}}`);
});

test('halves of characters and NUL, escaped, come out as they went in', () => {
  const { span, issues, exported } = kept(
    dumpWith(
      `"name":"a\\ud800b\\u0000",${attributes(['"\\udc00"', '{"stringValue":"\\u0000\\ud83d"}'])}`,
    ),
  );
  expect(issues).toEqual([]);
  expect(span.name).toBe('a\ud800b\0');
  expect(span.attributes).toEqual({ '\udc00': '\0\ud83d' });
  expect(exported).toContain('"name":"a\\ud800b\\u0000"');
  expect(exported).toContain('{"key":"\\udc00","value":{"stringValue":"\\u0000\\ud83d"}}');
});

test('numbers keep every digit, their type and their sign; what no type can hold is reported', () => {
  const { span, issues, exported } = kept(
    dumpWith(
      attributes(
        ['"past 2^53"', '{"intValue":"9007199254740993"}'],
        ['"bare"', '{"intValue":9223372036854775807}'],
        ['"least"', '{"intValue":"-9223372036854775808"}'],
        ['"too large"', '{"intValue":"9223372036854775808"}'],
        ['"1e999"', '{"doubleValue":1e999}'],
        ['"-0"', '{"doubleValue":-0}'],
        ['"1.0"', '{"doubleValue":1.0}'],
      ),
    ),
  );
  expect(issues).toMatchObject([
    { code: 'bad-field', count: 1, example: 'intValue: "9223372036854775808"' },
  ]);
  expect(span.startUnixNano).toBe('1755600000123457790');
  expect(span.attributes).toMatchObject({
    'past 2^53': '9007199254740993',
    bare: '9223372036854775807',
    least: '-9223372036854775808',
    '1e999': 'Infinity',
  });
  expect(exported).toContain('{"key":"-0","value":{"doubleValue":"-0"}}');
  expect(exported).toContain('{"key":"1.0","value":{"doubleValue":1}}');
  expect(exported).toContain('{"key":"bare","value":{"intValue":"9223372036854775807"}}');
});

describe('what occurs twice', () => {
  test('an attribute: the last value is kept, the loss is reported, equal values are none', () => {
    const { span, issues } = kept(
      dumpWith(
        attributes(
          ['"k"', '{"intValue":"1"}'],
          ['"x"', '{"stringValue":"same"}'],
          ['"k"', '{"intValue":"2"}'],
          ['"x"', '{"stringValue":"same"}'],
        ),
      ),
    );
    expect(span.attributes).toEqual({ k: 2, x: 'same' });
    expect(issues).toMatchObject([{ code: 'duplicate-attribute', count: 1, example: 'k' }]);
  });

  test('a field of an object: the last one is kept, and that is reported', () => {
    const { span, issues } = kept(dumpWith('"name":"first","name":"last"'));
    expect(span.name).toBe('last');
    expect(issues).toMatchObject([{ code: 'duplicate-field', count: 1 }]);
  });
});

describe('bytes', () => {
  const [before = '', after = ''] = dumpWith('"name":"a@b"').split('@');
  const withBytes = (...bytes: readonly number[]) =>
    Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);

  test.each([
    ['half a character', [0xed, 0xa0, 0x80], 'a\ufffd\ufffd\ufffdb'],
    ['a byte that never occurs', [0xff], 'a\ufffdb'],
    ['an overlong slash', [0xc0, 0xaf], 'a\ufffd\ufffdb'],
  ])('that are no UTF-8, %s, are replaced and reported', (_what, bytes, name) => {
    const { span, issues } = kept(withBytes(...bytes));
    expect(span.name).toBe(name);
    expect(issues).toMatchObject([{ code: 'bad-text', count: 1 }]);
  });

  test('a U+FFFD that was there before is no damage', () => {
    const { span, issues } = kept(dumpWith('"name":"\ufffd"'));
    expect(span.name).toBe('\ufffd');
    expect(issues).toEqual([]);
  });

  test('byte order marks and CRLF are white space', () => {
    const pretty = JSON.stringify(JSON.parse(dumpWith('"name":"a\\r\\nb"')), null, 2);
    const { span, issues } = kept(`\ufeff${pretty.replaceAll('\n', '\r\n')}\r\n`);
    expect(span.name).toBe('a\r\nb');
    expect(issues).toEqual([]);
  });

  const utf16 = Buffer.from(dumpWith('"name":"x"'), 'utf16le');
  test.each([
    ['little endian', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['big endian', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()])],
    ['little endian without a mark', utf16],
  ])('of UTF-16, %s, are refused with the way to read them', (_order, dump) => {
    const { status, stderr } = newUser()(['import', '-'], dump);
    expect(status).toBe(3);
    expect(stderr).toBe(
      'error: - is UTF-16 text, not a trace dump\ntry: iconv -f UTF-16 -t UTF-8 - | tracecli import -\n',
    );
  });
});
