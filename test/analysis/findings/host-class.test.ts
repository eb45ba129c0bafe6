import { expect, test } from 'vitest';
import { bareHost, hostClass, hostPatterns } from '../../../src/analysis/findings/host-class.ts';

test.each([
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.1.1',
  '::1',
  'fe80::1%eth0',
  'fd12:3456::1',
  '::ffff:10.0.0.1',
  'printer.local',
  'api.corp.internal',
  'cart.shop.svc',
  'cart.shop.svc.cluster.local',
  'redis-cart',
  'localhost:8080',
  '[::1]:80',
])('%s is private', (host) => {
  expect(hostClass(host).isPrivate).toBe(true);
});

test.each([
  '172.15.0.1',
  '172.32.0.1',
  '100.128.0.1',
  '8.8.8.8',
  '2001:4860:4860::8888',
  '::ffff:8.8.8.8',
  'example.com',
  'local.example.com',
])('%s is public', (host) => {
  expect(hostClass(host).isPrivate).toBe(false);
});

test.each([
  ['169.254.169.254', 'isMetadata'],
  ['metadata.google.internal.', 'isMetadata'],
  ['8.8.8.8', 'isAddress'],
  ['2001:db8::1', 'isAddress'],
  ['xn--pple-43d.com', 'isPunycode'],
  ['www.xn--pple-43d.com', 'isPunycode'],
  ['Pastebin.com', 'isDropSite'],
  ['a1b2.ngrok.io', 'isDropSite'],
] as const)('%s %s', (host, property) => {
  expect(hostClass(host)[property]).toBe(true);
  expect(hostClass('shop.example.com')[property]).toBe(false);
});

test('a list of drop sites replaces the one that is built in', () => {
  expect(hostClass('pastebin.com', ['paste.example']).isDropSite).toBe(false);
  expect(hostClass('x.paste.example', ['paste.example']).isDropSite).toBe(true);
  expect(hostClass('notpaste.example', ['paste.example']).isDropSite).toBe(false);
});

test.each([
  ['Example.COM:443', 'example.com'],
  ['example.com.', 'example.com'],
  ['[2001:db8::1]:80', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
])('%s is the host %s', (text, host) => {
  expect(bareHost(text)).toBe(host);
});

test('patterns allow hosts by name and by wildcard, and a dot is a dot', () => {
  const isAllowed = hostPatterns(['api.example.com', '*.shop.example', '10.*']);
  const hosts = [
    'API.example.com:443',
    'a.b.shop.example',
    '10.1.2.3',
    'shop.example',
    'apixexample.com',
  ];
  expect(hosts.map(isAllowed)).toEqual([true, true, true, false, false]);
  expect(hostPatterns([])('example.com')).toBe(false);
});
