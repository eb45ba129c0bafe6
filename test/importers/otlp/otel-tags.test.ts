import { describe, expect, test } from 'vitest';
import { spanWith, spanWithTags, type Tag } from '../../helpers/jaeger-span.ts';

describe('kind', () => {
  test.each([
    ['client', 'client'],
    ['server', 'server'],
    ['producer', 'producer'],
    ['consumer', 'consumer'],
    ['internal', 'internal'],
    ['SERVER', 'server'],
  ])('span.kind=%s is %s and no attribute', (value, kind) => {
    const span = spanWithTags(['span.kind', 'string', value]);
    expect(span.kind).toBe(kind);
    expect(span.attributes.size).toBe(0);
  });

  test.each(['foo', '', 'unspecified'])('span.kind=%o says nothing and stays', (value) => {
    const span = spanWithTags(['span.kind', 'string', value]);
    expect(span.kind).toBe('unspecified');
    expect(span.attributes.get('span.kind')).toBe(value);
  });

  test('without span.kind it is unspecified', () => {
    expect(spanWith({}).kind).toBe('unspecified');
  });
});

describe('scope, trace state and dropped counts', () => {
  test.each<[string, readonly Tag[], [string, string], readonly string[]]>([
    [
      'otel.scope.*',
      [
        ['otel.scope.name', 'string', 'lib'],
        ['otel.scope.version', 'string', '1'],
      ],
      ['lib', '1'],
      [],
    ],
    [
      'otel.library.*',
      [
        ['otel.library.name', 'string', 'lib'],
        ['otel.library.version', 'string', '1'],
      ],
      ['lib', '1'],
      [],
    ],
    [
      'both spellings',
      [
        ['otel.library.name', 'string', 'lib'],
        ['otel.scope.name', 'string', 'lib'],
      ],
      ['lib', ''],
      [],
    ],
    [
      'two names',
      [
        ['otel.library.name', 'string', 'old'],
        ['otel.scope.name', 'string', 'lib'],
      ],
      ['lib', ''],
      ['otel.library.name'],
    ],
    ['a version alone', [['otel.scope.version', 'string', '1']], ['', ''], ['otel.scope.version']],
  ])('%s', (_case, tags, [name, version], left) => {
    const span = spanWithTags(...tags);
    expect(span.scope).toMatchObject({ name, version });
    expect([...span.attributes.keys()]).toEqual(left);
  });

  test('w3c.tracestate is the trace state', () => {
    const span = spanWithTags(['w3c.tracestate', 'string', 'rojo=1']);
    expect(span.traceState).toBe('rojo=1');
    expect(span.attributes.size).toBe(0);
  });

  test('dropped counts, as numbers and as text; one below zero stays a tag', () => {
    const span = spanWithTags(
      ['otel.dropped_attributes_count', 'int64', 3],
      ['otel.dropped_events_count', 'string', '2'],
      ['otel.dropped_links_count', 'int64', -1],
    );
    expect(span.dropped).toEqual({ attributes: 3, events: 2, links: 0 });
    expect([...span.attributes.keys()]).toEqual(['otel.dropped_links_count']);
  });

  test.each([
    [0, 0, false],
    [1, 1, false],
    [2, 0, true],
    [3, 1, true],
  ])('flags %i', (flags, sampled, debug) => {
    const span = spanWith({ flags });
    expect([span.flags, span.origin.debug]).toEqual([sampled, debug]);
  });

  test('the warnings of a span are kept', () => {
    expect(spanWith({ warnings: ['clock skew', 7] }).origin.warnings).toEqual(['clock skew']);
  });
});
