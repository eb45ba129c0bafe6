import { describe, expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import {
  filledUrl,
  LINK_FIELDS,
  type LinkSubject,
  unknownPlace,
} from '../../src/tui/link-template.ts';
import { shopTrace } from '../helpers/shop-spans.ts';

const trace = buildTrace(shopTrace(0));
const node = trace.nodes.find(({ span }) => span.attributes.has('db.query.text'));
if (!node) throw new Error('the shop asks a database');

const ofTrace: LinkSubject = {
  traceId: trace.traceId,
  trace: { start: trace.startUnixNano, durationNs: trace.durationNs },
  service: 'web',
  operation: 'GET /checkout',
  node: null,
};
const ofSpan: LinkSubject = { ...ofTrace, service: node.service, operation: node.span.name, node };
const { startUnixNano, durationNs, spanId } = node.span;

describe('a link', () => {
  test.each([
    ['ids', '{traceId}/{spanId}', `${trace.traceId}/${spanId}`],
    ['names, encoded', '?s={service}&o={operation}', `?s=catalog&o=SELECT%20shop.products`],
    ['an attribute', '?q={attribute:db.namespace}', '?q=shop'],
    ['an attribute of the resource', '?q={resource:service.name}', '?q=catalog'],
    ['nanoseconds', '{startNs}-{endNs}', `${startUnixNano}-${startUnixNano + BigInt(durationNs)}`],
    [
      'milliseconds, the end rounded up',
      '{startMs}-{endMs}',
      `${startUnixNano / 1_000_000n}-${(startUnixNano + BigInt(durationNs) + 999_999n) / 1_000_000n}`,
    ],
    ['the whole trace', '{traceStartUs}', String(trace.startUnixNano / 1000n)],
    ['braces in braces', '{{traceId}}', `{${trace.traceId}}`],
  ])('%s', (_, url, filled) => {
    expect(filledUrl(url, ofSpan)).toBe(filled);
    expect(unknownPlace(url)).toBeNull();
  });

  test('from the list of traces is about the trace and its root', () => {
    const url = filledUrl('{traceId}?{spanId}&{service}&{startMs}', ofTrace);
    expect(url).toBe(`${trace.traceId}?&web&${trace.startUnixNano / 1_000_000n}`);
  });

  test('that asks for what the span lacks is none', () => {
    expect(filledUrl('{attribute:no.such}', ofSpan)).toBeNull();
    expect(filledUrl('{attribute:db.namespace}', ofTrace)).toBeNull();
  });

  test('is encoded whatever the data holds', () => {
    const hostile = { ...ofTrace, service: '\ud800"><script>\u001b]52' };
    expect(filledUrl('https://x/{service}', hostile)).toMatch(/^https:\/\/x\/[\w%.-]+$/);
  });
});

test('an unknown place is found among known ones', () => {
  expect(LINK_FIELDS).toContain('traceEndNs');
  expect(unknownPlace('{traceId}/{spanID}')).toBe('{spanID}');
});
