import { expect, test } from 'vitest';
import { externalHostRule } from '../../../src/analysis/findings/external-host-rule.ts';
import { insecureTransportRule } from '../../../src/analysis/findings/insecure-transport-rule.ts';
import type { AttributeValue } from '../../../src/model/attributes.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { drawnTrace } from '../../helpers/drawn-trace.ts';
import { findingsOf } from '../../helpers/findings-of.ts';

function callTo(attributes: Record<string, AttributeValue>): Trace {
  return drawnTrace('R [---)\n  c [-)', {
    R: { kind: 'server', service: 'web' },
    c: { kind: 'client', service: 'web', attributes },
  });
}

const to = (host: string) => callTo({ 'server.address': host, 'server.port': 443n });

test.each([
  ['api.example.com', null],
  ['redis-cart', null],
  ['10.0.0.7', null],
  ['8.8.8.8', 'info'],
  ['169.254.169.254', 'medium'],
  ['xn--pple-43d.com', 'medium'],
  ['a.ngrok.io', 'medium'],
])('without a list of hosts a call to %s is %s', (host, severity) => {
  const found = findingsOf(externalHostRule, [to(host)]);
  expect(found.map((f) => [f.rule, f.severity])).toEqual(
    severity === null ? [] : [['external-host', severity]],
  );
});

const BASELINE = { baselineHosts: ['api.example.com'] };

test('with a baseline every other host is unexpected, and what it holds is not', () => {
  const traces = ['api.example.com', 'new.example.com', 'pastebin.com'].map(to);
  const found = findingsOf(externalHostRule, traces, BASELINE);
  expect(found.map(({ rule, severity, evidence }) => [rule, severity, evidence['host']])).toEqual([
    ['unexpected-external', 'high', 'pastebin.com'],
    ['unexpected-external', 'medium', 'new.example.com'],
  ]);
  expect(found[1]?.evidence).toMatchObject({ callers: ['web'], calls: 1, ports: ['443'] });
});

test('an allow list does the same, with wildcards', () => {
  const found = findingsOf(externalHostRule, [to('a.example.com'), to('b.example.org')], {
    allowedHosts: ['*.example.com'],
  });
  expect(found.map(({ evidence }) => evidence['host'])).toEqual(['b.example.org']);
});

test('a database at a new host is the worst', () => {
  const trace = callTo({ 'db.system': 'mysql', 'server.address': 'db2' });
  const [found] = findingsOf(externalHostRule, [trace], BASELINE);
  expect(found).toMatchObject({ rule: 'unexpected-external', severity: 'high' });
});

test('a peer that is a service of another trace is not outside', () => {
  const trace = drawnTrace('R [)', { R: { kind: 'server', service: 'cart' } });
  expect(findingsOf(externalHostRule, [to('cart'), trace], BASELINE)).toEqual([]);
});

test.each<[string, Record<string, AttributeValue>, readonly unknown[]]>([
  ['https', { 'url.full': 'https://example.com/a' }, []],
  ['http', { 'url.full': 'http://example.com/a' }, ['no encryption']],
  ['http to a private host', { 'http.url': 'http://cart:8080/a' }, []],
  ['http to a private address', { 'http.url': 'http://10.1.2.3/a' }, []],
  [
    'port 80',
    { 'http.method': 'GET', 'server.address': 'example.com', 'server.port': 80n },
    ['no encryption'],
  ],
  ['port 81', { 'http.method': 'GET', 'server.address': 'example.com', 'server.port': 81n }, []],
  [
    'the scheme alone',
    { 'url.scheme': 'http', 'server.address': 'example.com' },
    ['no encryption'],
  ],
  [
    'a password in the URL',
    { 'url.full': 'https://u:secret1@example.com/' },
    ['credentials in the URL'],
  ],
  ['TLS 1.1', { 'tls.protocol.version': '1.1' }, ['outdated TLS']],
  ['TLSv1', { 'tls.protocol.version': 'TLSv1' }, ['outdated TLS']],
  ['TLS 1.2', { 'tls.protocol.version': '1.2' }, []],
  ['TLSv1.3', { 'tls.protocol.version': 'TLSv1.3' }, []],
])('a call by %s', (_, attributes, reasons) => {
  const found = findingsOf(insecureTransportRule, [callTo(attributes)]);
  expect(found.map(({ evidence }) => evidence['reason'])).toEqual(reasons);
});
