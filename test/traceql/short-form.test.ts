import { expect, test } from 'vitest';
import { parseQuery } from '../../src/traceql/parse-query.ts';
import { printQuery } from '../../src/traceql/print-query.ts';
import { isTraceQl, translateShortForm } from '../../src/traceql/short-form.ts';

const WORD = (word: string) =>
  `(name =~ "(?i).*${word}.*" || resource.service.name =~ "(?i).*${word}.*" || rootName =~ "(?i).*${word}.*" || rootServiceName =~ "(?i).*${word}.*")`;

test.each([
  ['', '{ true }'],
  ['checkout', `{ ${WORD('checkout')} }`],
  ['error', '{ status = error }'],
  ['-error', '{ status != error }'],
  ['>200ms', '{ duration > 200ms }'],
  ['<=1.5s', '{ duration <= 1.5s }'],
  ['http.status_code=500', '{ (.http.status_code = 500 || .http.status_code = "500") }'],
  ['http.status_code>=500', '{ .http.status_code >= 500 }'],
  ['http.route=/cart/*', '{ .http.route =~ "/cart/.*" }'],
  ['http.route=*', '{ .http.route != nil }'],
  ['-http.route=*', '{ !(.http.route != nil) }'],
  ['service=cart kind=server', '{ resource.service.name = "cart" && kind = server }'],
  ['operation="GET /cart"', '{ name = "GET /cart" }'],
  ['resource.k8s.pod=a', '{ resource.k8s.pod = "a" }'],
  ['-a=b', '{ !(.a = "b") }'],
  ['a!=b', '{ .a != "b" }'],
  ['premium=true', '{ (.premium = true || .premium = "true") }'],
  ['span:childCount>3', '{ span:childCount > 3 }'],
  ['-healthcheck', `{ !(${WORD('healthcheck').slice(1, -1)}) }`],
  ['"error"', `{ ${WORD('error')} }`],
  ['a.b*c', `{ ${WORD('a\\.b\\*c').replaceAll('"', '`')} }`],
])('%j stands for its TraceQL', (short, traceql) => {
  expect(translateShortForm(short)).toBe(traceql);
  // The checker has nothing against it.
  printQuery(parseQuery(translateShortForm(short)));
});

test('terms hold together', () => {
  expect(translateShortForm('checkout error http.status_code=500 >200ms -healthcheck')).toBe(
    `{ ${WORD('checkout')} && status = error && (.http.status_code = 500 || .http.status_code = "500") && duration > 200ms && !(${WORD('healthcheck').slice(1, -1)}) }`,
  );
});

test('what looks like an id is looked for among the ids of traces too', () => {
  expect(translateShortForm('4bf92f35')).toContain('trace:id =~ "0*4bf92f35.*"');
  expect(translateShortForm('4bf9')).not.toContain('trace:id');
});

test.each(['>200', 'kind=servant', 'status=bad', 'duration>fast', 'a='])(
  '%j is refused in words',
  (short) => {
    expect(() => translateShortForm(short)).toThrow(/"/);
  },
);

test.each([
  ['{ status = error }', true],
  ['count() > 3', true],
  ['by(name) | count() > 1', true],
  ['({ true } | rate()) * 60', true],
  ['checkout error', false],
  ['http.route="/a/{id}"', false],
])('%j is TraceQL: %s', (text, isIt) => {
  expect(isTraceQl(text)).toBe(isIt);
});
