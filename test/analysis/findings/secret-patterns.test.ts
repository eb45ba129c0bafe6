import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasLuhnChecksum } from '../../../src/analysis/findings/luhn.ts';
import {
  findSecrets,
  isMasked,
  secretKey,
  withoutSecrets,
} from '../../../src/analysis/findings/secret-patterns.ts';

const LETTERS = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789';

// Put together here, so that no scanner of repositories takes them for real ones.
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'c2lnbmF0dXJlLXBhcnQ'].join(
  '.',
);
const AWS = `AKIA${'IOSFODNN7EXAMPLE'}`;

test.each([
  ['aws-key', `key ${AWS} used`, AWS],
  ['github-token', `ghp_${LETTERS}`, `ghp_${LETTERS}`],
  ['github-token', `github_pat_${LETTERS.slice(0, 22)}`, `github_pat_${LETTERS.slice(0, 22)}`],
  ['slack-token', `xox${'b'}-123456789012-abc`, `xox${'b'}-123456789012-abc`],
  ['stripe-key', `sk_${'live'}_${LETTERS.slice(0, 24)}`, `sk_${'live'}_${LETTERS.slice(0, 24)}`],
  ['google-key', `AIza${LETTERS.slice(0, 35)}`, `AIza${LETTERS.slice(0, 35)}`],
  ['npm-token', `npm_${LETTERS}`, `npm_${LETTERS}`],
  ['pypi-token', `pypi-${LETTERS.slice(0, 16)}`, `pypi-${LETTERS.slice(0, 16)}`],
  ['jwt', `{"t":"${JWT}"}`, JWT],
  ['auth-header', `sent Bearer ${LETTERS.slice(0, 16)}==`, `${LETTERS.slice(0, 16)}==`],
  ['url-userinfo', 'postgres://app:hunter2@db.example/shop', 'hunter2'],
  ['query-token', 'GET /a?b=1&api_key=abcdef&c=2', 'abcdef'],
  ['query-token', '/a?ACCESS_TOKEN=abcdef', 'abcdef'],
  ['card', '{"number":"4111-1111-1111-1111","cvv":672}', '4111-1111-1111-1111'],
  ['card', 'pays with 5555555555554444 12', '5555555555554444'],
  ['card', '3782 822463 10005', '3782 822463 10005'],
  ['email', 'mail to jo.doe+x@mail.example.com.', 'jo.doe+x@mail.example.com'],
])('%s is found in a text, and nothing around it', (kind, text, secret) => {
  const found = findSecrets(text).map((match) => [match.kind, text.slice(match.start, match.end)]);
  expect(found).toEqual([[kind, secret]]);
  expect(withoutSecrets(text)).not.toContain(secret);
});

test('a private key is found with its body, up to its end or the end of the text', () => {
  const begin = `-----BEGIN ${'RSA'} PRIVATE KEY-----`;
  const end = `-----END ${'RSA'} PRIVATE KEY-----`;
  expect(withoutSecrets(`a ${begin}\nMIIE\n${end} b`)).toBe(`a ${begin}…${end} b`);
  expect(withoutSecrets(`a ${begin}\nMIIE`)).toBe(`a ${begin}…`);
});

test.each([
  ['a trace id of digits', '41111111111111114111111111111111'],
  ['a UUID whose digits pass the check', '41111111-1111-4111-8111-111111111111'],
  ['a number one digit off', '4111111111111112'],
  ['twelve digits', '411111111111'],
  ['twenty digits', '41111111111111111110'],
  ['a time in nanoseconds', '1700000000000000000'],
  ['a fraction', '0.4111111111111111'],
  ['a host of an address in angle brackets', 'user@localhost'],
  ['an object of Java', 'com.example.Cart@5e9f23b4'],
  ['a masked token', '/a?token=[redacted]&secret=******'],
  ['a short token', '/a?token=abcde'],
  ['a URL with a port', 'http://example.com:8080/a'],
  ['a masked password', 'redis://app:***@cache'],
  ['a commit', '0af7651916cd43dd8448eb211c80319c'],
])('%s is no secret', (_, text) => {
  expect(findSecrets(text)).toEqual([]);
});

test('the card in a text with an id before it is found', () => {
  const text = 'session 41111111-1111-4111-8111-111111111111 card 4111111111111111';
  expect(findSecrets(text).map(({ kind, start }) => [kind, start])).toEqual([['card', 50]]);
});

test('what lies behind the first 64 KiB is not looked at', () => {
  const before = 'x'.repeat(64 * 1024 - 3);
  expect(findSecrets(`${before} a@example.com`)).toEqual([]);
  expect(findSecrets(`${before.slice(20)} a@example.com`)).toHaveLength(1);
});

test.each([
  ['dots before an at sign', 'a.'.repeat(32_768)],
  ['starts of tokens', '-eyJ'.repeat(16_384)],
  ['a token that never ends', `eyJ${'a'.repeat(60_000)}.eyJ`],
  ['schemes', 'a-'.repeat(32_768)],
  ['groups of digits', '4444 '.repeat(13_000)],
  ['at signs', '@a'.repeat(32_768)],
  ['keys that never end', '-----BEGIN PRIVATE KEY-----'.repeat(2_400)],
])('64 KiB of %s take no quadratic time', (_, text) => {
  const start = performance.now();
  findSecrets(`${text} ?token=`);
  findSecrets(`@ ${text}`);
  expect(performance.now() - start).toBeLessThan(2_000);
});

test('matches never overlap, lie in order, and leave nothing to be found', () => {
  const part = fc.constantFrom(
    '4111111111111111',
    JWT,
    AWS,
    'a@b.example',
    'Bearer ',
    '?token=',
    ' ',
    '"',
    'x',
    '://u:p@',
    '-',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const text = parts.join(' ');
      const found = findSecrets(text);
      for (const [i, { start, end }] of found.entries()) {
        expect(start).toBeGreaterThanOrEqual(found[i - 1]?.end ?? 0);
        expect(end).toBeGreaterThan(start);
      }
      expect(withoutSecrets(text)).not.toContain(JWT);
    }),
  );
});

test.each(['***', 'xxx', 'XXXX', '[REDACTED]', 'filtered', '<token>', '{{password}}', '', ' '])(
  '"%s" is masked',
  (value) => {
    expect(isMasked(value)).toBe(true);
  },
);

test.each([
  ['http.request.header.authorization', 'auth-header'],
  ['Authorization', 'auth-header'],
  ['http.request.header.x-api-key', 'auth-header'],
  ['http.response.header.set_cookie', 'auth-header'],
  ['user.password', 'sensitive-key'],
  ['db.passwd', 'sensitive-key'],
  ['smtp.pass', 'sensitive-key'],
  ['client_secret', 'sensitive-key'],
  ['tls.private_key', 'sensitive-key'],
  ['aws.credentials', 'sensitive-key'],
  ['flight.passengers', null],
  ['compass.heading', null],
  ['k8s.secret.name', null],
  ['password.length', null],
  ['cookie.count', null],
  ['db.system', null],
])('the key %s says %s', (key, kind) => {
  expect(secretKey(key)).toBe(kind);
});

test.each([
  ['4111111111111111', true],
  ['4111-1111-1111-1111', true],
  ['378282246310005', true],
  ['4111111111111112', false],
  ['4111111111111101', false],
])('the check digit of %s', (digits, isValid) => {
  expect(hasLuhnChecksum(digits)).toBe(isValid);
});
