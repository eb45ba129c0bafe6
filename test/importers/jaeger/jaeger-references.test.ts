import { describe, expect, test } from 'vitest';
import { stringAttribute } from '../../../src/model/attributes.ts';
import { issuesOf, PLAIN, spanWith } from '../../helpers/jaeger-span.ts';

const TRACE = PLAIN.traceID;
const OTHER_TRACE = '1af7651916cd43dd8448eb211c80319c';

describe('references', () => {
  const child = (spanID: string, traceID?: string): object => ({
    refType: 'CHILD_OF',
    traceID,
    spanID,
  });
  const follows = (spanID: string, traceID?: string): object => ({
    refType: 'FOLLOWS_FROM',
    traceID,
    spanID,
  });
  const A = '00000000000000aa';
  const B = '00000000000000bb';
  const ZERO = '0000000000000000';
  test.each<[string, object, string | null, readonly string[]]>([
    ['none', {}, null, []],
    ['null', { references: null }, null, []],
    ['a child', { references: [child(A, TRACE)] }, A, []],
    ['a child, without the trace', { references: [child(A)] }, A, []],
    ['the same child twice', { references: [child(A, TRACE), child(A, TRACE)] }, A, []],
    ['two parents', { references: [child(A, TRACE), child(B, TRACE)] }, A, [`${B} child_of`]],
    ['FOLLOWS_FROM alone', { references: [follows(A, TRACE)] }, A, [`${A} follows_from`]],
    [
      'FOLLOWS_FROM before a child',
      { references: [follows(A, TRACE), child(B, TRACE)] },
      B,
      [`${A} follows_from`],
    ],
    [
      'both to one span',
      { references: [child(A, TRACE), follows(A, TRACE)] },
      A,
      [`${A} follows_from`],
    ],
    ['a child of another trace', { references: [child(A, OTHER_TRACE)] }, null, [`${A} child_of`]],
    ['a child of span 0', { references: [child(ZERO, TRACE)] }, null, []],
    ['a reference of zeros', { references: [child(ZERO, '0'.repeat(32))] }, null, []],
    ['the span itself', { references: [child(PLAIN.spanID, TRACE)] }, null, []],
    [
      'the span itself and a parent',
      { references: [child(PLAIN.spanID, TRACE), follows(A, TRACE)] },
      A,
      [`${A} follows_from`],
    ],
    ['parentSpanID', { parentSpanID: A }, A, []],
    [
      'parentSpanID beside its reference',
      { parentSpanID: A, references: [child(A, TRACE)] },
      A,
      [],
    ],
    [
      'parentSpanID beside FOLLOWS_FROM',
      { parentSpanID: A, references: [follows(A, TRACE)] },
      A,
      [`${A} follows_from`],
    ],
    [
      'parentSpanID beside another child',
      { parentSpanID: B, references: [child(A, TRACE)] },
      A,
      [`${B} child_of`],
    ],
    ['parentSpanID 0', { parentSpanID: '0' }, null, []],
    ['short ids', { references: [child('aa', TRACE)] }, A, []],
  ])('%s', (_case, fields, parent, links) => {
    const span = spanWith(fields);
    expect(span.parentSpanId).toBe(parent);
    const found = span.links.map(
      ({ spanId, attributes }) =>
        `${spanId} ${stringAttribute(attributes, 'opentracing.ref_type')}`,
    );
    expect(found).toEqual(links);
  });

  test('a link knows the trace that it leads to', () => {
    const [link] = spanWith({ references: [child(A, OTHER_TRACE)] }).links;
    expect(link?.traceId).toBe(OTHER_TRACE);
  });

  test('a reference with a damaged id is left out and reported', () => {
    const references = [child('not an id', TRACE), child(A, TRACE)];
    expect(spanWith({ references }).parentSpanId).toBe(A);
    expect(issuesOf({ references })).toEqual(['link-id-missing']);
  });

  test('the parent that the UI writes into a reference is ignored', () => {
    const span = { ...PLAIN, spanID: A };
    expect(spanWith({ references: [{ ...child(A, TRACE), span }] }).parentSpanId).toBe(A);
  });
});
