import { describe, expect, test } from 'vitest';
import { spanWithTags, type Tag } from '../../helpers/jaeger-span.ts';

describe('outcome, as Jaeger’s UI sees it', () => {
  const description: Tag = ['otel.status_description', 'string', 'said so'];
  const http: Tag = ['http.status_message', 'string', 'Not Found'];
  test.each<[string, readonly Tag[], string, string, readonly string[]]>([
    ['error=true', [['error', 'bool', true]], 'error', '', []],
    [
      'error=true with a description',
      [['error', 'bool', true], description],
      'error',
      'said so',
      [],
    ],
    [
      'error=true with an HTTP message',
      [['error', 'bool', true], http],
      'error',
      'Not Found',
      ['http.status_message'],
    ],
    ['type bool, value "true"', [['error', 'bool', 'true']], 'error', '', []],
    ['error="true"', [['error', 'string', 'true']], 'error', '', []],
    [
      'a class of errors',
      [['error', 'string', 'ClientSideError']],
      'error',
      'ClientSideError',
      ['error'],
    ],
    [
      'a class and a description',
      [['error', 'string', 'E'], description],
      'error',
      'said so',
      ['error'],
    ],
    ['error=1', [['error', 'int64', 1]], 'error', '', ['error']],
    ['error=0', [['error', 'int64', 0]], 'unset', '', ['error']],
    ['error=false', [['error', 'bool', false]], 'unset', '', ['error']],
    ['error="False"', [['error', 'string', 'False']], 'unset', '', ['error']],
    ['error=""', [['error', 'string', '']], 'unset', '', ['error']],
    [
      'otel.status_code=ERROR',
      [['otel.status_code', 'string', 'ERROR'], description],
      'error',
      'said so',
      [],
    ],
    ['otel.status_code=error', [['otel.status_code', 'string', 'error']], 'error', '', []],
    ['otel.status_code=OK', [['otel.status_code', 'string', 'OK']], 'ok', '', []],
    [
      'error=true beats OK',
      [
        ['error', 'bool', true],
        ['otel.status_code', 'string', 'OK'],
      ],
      'error',
      '',
      [],
    ],
    [
      'ERROR beats error=false',
      [
        ['error', 'bool', false],
        ['otel.status_code', 'string', 'ERROR'],
      ],
      'error',
      '',
      ['error'],
    ],
    [
      'an unknown code stays',
      [['otel.status_code', 'string', 'WEIRD']],
      'unset',
      '',
      ['otel.status_code'],
    ],
    [
      'the number 0 of old exporters stays',
      [['otel.status_code', 'int64', 0]],
      'unset',
      '',
      ['otel.status_code'],
    ],
    [
      'HTTP 500 alone is no error',
      [['http.status_code', 'int64', 500]],
      'unset',
      '',
      ['http.status_code'],
    ],
    ['a description alone stays', [description], 'unset', '', ['otel.status_description']],
  ])('%s', (_case, tags, code, message, left) => {
    const span = spanWithTags(...tags);
    expect([span.statusCode, span.statusMessage]).toEqual([code, message]);
    expect([...span.attributes.keys()]).toEqual(left);
  });
});
