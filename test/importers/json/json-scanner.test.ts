import { describe, expect, test } from 'vitest';
import { jsonDecoder } from '../../../src/importers/json/json-scanner.ts';
import { scan, type Told, toldShape } from '../../helpers/scan-json.ts';

/** Only what was read and what was wrong. */
function essence(dump: string | Uint8Array): Told[] {
  return scan(dump).filter((told) => /^(?:id|item|cell|[a-z]+(?:-[a-z]+)+) /.test(told));
}

describe('what is read of a whole dump', () => {
  test.each([
    [
      'one document',
      '{"id":1,"rows":[{"cell":"a"},{"cell":[{}]}]}',
      ['id 1 @1:6', 'cell "a" @1:24', 'cell [{}] @1:37'],
    ],
    ['a list of documents', '[{"id":1},{"id":2}]', ['id 1 @1:7', 'id 2 @1:16']],
    ['JSON lines', '{"id":1}\n{"id":2}\n', ['id 1 @1:6', 'id 2 @2:15']],
    ['CRLF and a byte order mark', '\ufeff{"id":1}\r\n{"id":2}\r\n', ['id 1 @1:9', 'id 2 @2:19']],
    [
      'pretty-printed documents one after another',
      '{\n  "id": 1\n}\n{\n  "id": 2\n}',
      ['id 1 @2:10', 'id 2 @5:24'],
    ],
    ['documents without anything between', '{"id":1}{"id":2}', ['id 1 @1:6', 'id 2 @1:14']],
    ['a key that occurs twice', '{"id":1,"id":2}', ['id 1 @1:6', 'id 2 @1:13']],
    ['null where a list is expected', '{"rows":null,"id":null}', ['id null @1:18']],
    ['escapes in keys and values', '{"i\\u0064":"\\"\\\\\\u00e9"}', ['id "\\"\\\\é" @1:11']],
    [
      'a bracket in a string',
      '{"id":"}]{","rows":[{"cell":"\\"}"}]}',
      ['id "}]{" @1:6', 'cell "\\"}" @1:28'],
    ],
    [
      'an integer past 2^53, alone and inside',
      '{"id":9007199254740993,"rows":[{"cell":[1736000000123456789]}]}',
      ['id "9007199254740993n" @1:6', 'cell ["1736000000123456789n"] @1:39'],
    ],
    [
      'an integer of 16 digits within 2^53',
      '{"id":[1484778331123456]}',
      ['id [1484778331123456] @1:6'],
    ],
    ['17 digits behind a point', '{"id":[0.30000000000000004]}', ['id [0.30000000000000004] @1:6']],
    ['the key __proto__', '{"id":{"__proto__":1}}', ['id {"__proto__":1} @1:6']],
    ['nothing', '', []],
    ['white space', ' \n\t\n', []],
  ])('%s', (_situation, dump, told) => {
    expect(essence(dump)).toEqual(told);
  });

  test('unnamed keys are told and skipped, objects are opened and closed', () => {
    expect(scan('{"rows":[{"x":[1,{"cell":2}],"cell":3}],"y":{}}')).toEqual([
      'key rows',
      'row',
      'unknown x',
      'cell 3 @1:36',
      'end',
    ]);
  });
});

describe('what damage costs', () => {
  test.each([
    [
      'a broken line among JSON lines',
      '{"id":1}\n{this is not JSON\n{"id":3}\n',
      ['id 1 @1:6', 'json-syntax @2:10', 'id 3 @3:33'],
    ],
    [
      'a line that ends in the middle of a string',
      '{"id":1}\n{"id":"a\n{"id":3}',
      ['id 1 @1:6', 'json-syntax @2:9', 'id 3 @3:24'],
    ],
    [
      'a line that ends behind a bracket',
      '{"id":1}\n{"rows":[\n{"id":3}',
      ['id 1 @1:6', 'json-syntax @2:9', 'id 3 @3:25'],
    ],
    [
      'a first line that is cut off',
      '{"id":{"a":1\n{"id":2}\n{"id":3}',
      ['json-syntax @1:0', 'id 2 @2:19', 'id 3 @3:28'],
    ],
    ['a log line before the dump', 'starting up\n{"id":1}', ['json-syntax @1:0', 'id 1 @2:18']],
    [
      'a broken value in a list on one line',
      '{"rows":[{"cell":1},{"cell":{"a":zz}},{"cell":3}]}',
      ['cell 1 @1:17', 'json-syntax @1:33', 'cell 3 @1:46'],
    ],
    [
      'two broken values in a row',
      '{"rows":[{"cell":z},{"cell":z},{"cell":3}]}',
      ['json-syntax @1:17', 'json-syntax @1:28', 'cell 3 @1:39'],
    ],
    [
      'a trailing comma',
      '{"rows":[{"cell":1},],"id":2}',
      ['cell 1 @1:17', 'json-syntax @1:20', 'id 2 @1:27'],
    ],
    [
      'a missing comma',
      '{"rows":[{"cell":1}{"cell":2}]}',
      ['cell 1 @1:17', 'json-syntax @1:19', 'cell 2 @1:27'],
    ],
    ['a key without quotes', '{x:1,"id":2}', ['json-syntax @1:1', 'id 2 @1:10']],
    ['a missing colon', '{"id" 1,"id":2}', ['json-syntax @1:6', 'id 2 @1:13']],
    ['a missing value', '{"id":,"id":2}', ['json-syntax @1:6', 'id 2 @1:12']],
    [
      'a missing bracket at the end of a list',
      '{"rows":[{"cell":1},"id":2}\n{"id":3}',
      ['cell 1 @1:17', 'bad-field @1:20', 'json-syntax @1:24', 'id 3 @2:34'],
    ],
    ['a value cut off by the end', '{"id":1}\n{"id":[1,', ['id 1 @1:6', 'truncated-input @2:15']],
    [
      'an object cut off by the end',
      '{"id":1,"rows":[{"cell":1}',
      ['id 1 @1:6', 'cell 1 @1:24', 'truncated-input @1:0'],
    ],
    ['a string cut off in an escape', '{"id":"\\', ['truncated-input @1:6']],
    ['NUL bytes at the end', '{"id":1}\0\0\0', ['id 1 @1:6', 'json-syntax @1:8']],
    [
      'a NUL byte in a string',
      '{"id":"\0","rows":[{"cell":1}]}',
      ['json-syntax @1:7', 'cell 1 @1:26'],
    ],
    [
      'a list where an object is expected',
      '{"rows":[[1]],"id":1}',
      ['bad-field @1:9', 'id 1 @1:19'],
    ],
    ['a number where a list is expected', '{"rows":5,"id":1}', ['bad-field @1:8', 'id 1 @1:15']],
    ['a list of lists at the top', '[[1]]\n{"id":1}', ['bad-field @1:1', 'id 1 @2:12']],
    ['closing brackets without end', ']]]\n{"id":1}', ['json-syntax @1:0', 'id 1 @2:10']],
  ])('%s', (_situation, dump, told) => {
    expect(essence(dump)).toEqual(told);
  });

  const pretty = (broken: string) =>
    `{\n  "list": [\n    {\n      "a": 1\n    },\n${broken},\n    {\n      "a": 3\n    }\n  ],\n  "id": 7\n}\n`;

  test.each([
    ['one bracket too few', '    {\n      "b": {"c": 1\n    }'],
    ['one bracket too many', '    {\n      "b": {"c": 1}}\n    }'],
    ['a bracket of the wrong kind', '    {\n      "b": [1}\n    }'],
    ['a string that is not closed', '    {\n      "b": "x\n    }'],
    ['words', '    {\n      "b": what is this\n    }'],
  ])('a pretty-printed value with %s costs only itself', (_damage, broken) => {
    const told = essence(pretty(broken)).map((each) => each.replace(/ @.*/, ''));
    expect(told.filter((each) => !/json-syntax|"b"/.test(each))).toEqual([
      'item {"a":1}',
      'item {"a":3}',
      'id 7',
    ]);
    expect(told).toContain('json-syntax');
  });

  test('a pretty-printed object that is not closed costs only itself', () => {
    const row = (cell: number, end: string) => `    {\n      "cell": ${cell}${end}`;
    const rows = [row(1, '\n    }'), row(2, ''), row(3, '\n    }')].join(',\n');
    expect(scan(`{\n  "rows": [\n${rows}\n  ],\n  "id": 7\n}`)).toEqual([
      'key rows',
      'row',
      'cell 1 @4:34',
      'end',
      'row',
      'cell 2 @7:63',
      'json-syntax @8:70',
      'broken off',
      'row',
      'cell 3 @9:86',
      'end',
      'key id',
      'id 7 @12:107',
    ]);
  });

  test('an object that breaks off is closed as such', () => {
    expect(scan('{"rows":[{"cell":1,')).toEqual([
      'key rows',
      'row',
      'cell 1 @1:17',
      'truncated-input @1:0',
      'broken off',
    ]);
  });

  test('nesting past the limit is skipped, without overflowing the stack', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const dump = `{"id":${nested(100_000)},"id":${nested(500)},"x":${nested(100_000)},"id":1}`;
    const told = essence(dump).map((each) => each.slice(0, 15));
    expect(told).toEqual(['record-too-deep', 'id [[[[[[[[[[[[', `id 1 @1:${dump.length - 2}`]);
  });

  test('a value past the length limit is skipped', () => {
    const long = new Uint8Array(65 * 1024 * 1024).fill(0x61);
    const dump = Buffer.concat([Buffer.from('{"id":"'), long, Buffer.from('","id":2}')]);
    const told: string[] = [];
    const decoder = jsonDecoder(
      toldShape((each) => told.push(each)),
      {
        span: () => {},
        record: () => {},
        split: () => {},
        issue: (code, at) => told.push(`${code} @${at.byte}`),
      },
    );
    for (let at = 0; at < dump.length; at += 1 << 20)
      decoder.push(dump.subarray(at, at + (1 << 20)));
    decoder.end();
    expect(told).toEqual(['key id', 'record-too-large @6', 'key id', `id 2 @1:${dump.length - 2}`]);
  });

  test('many lines that open and never close end soon', () => {
    const dump = '{ "id": [\n'.repeat(20_000);
    expect(essence(dump).at(-1)).toMatch(/^(?:truncated-input|json-syntax) /);
  });
});
