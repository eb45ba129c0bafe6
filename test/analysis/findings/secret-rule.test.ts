import fc from 'fast-check';
import { expect, test } from 'vitest';
import { detect } from '../../../src/analysis/findings/detect.ts';
import { RULES } from '../../../src/analysis/findings/rules.ts';
import { secretRule } from '../../../src/analysis/findings/secret-rule.ts';
import { sha256 } from '../../../src/analysis/sha256.ts';
import type { AttributeValue } from '../../../src/model/attributes.ts';
import { unixNano } from '../../../src/model/time.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { drawnTrace } from '../../helpers/drawn-trace.ts';
import { findingsOf } from '../../helpers/findings-of.ts';
import { resourceOf, type SpanParts, spanIdOf, traceIdOf } from '../../helpers/span-of.ts';

const CARD = '4111111111111111';
const TOKEN = `ghp_${'Zx9'.repeat(12)}`;
const MAIL = 'jane.roe@mail.example';

function oneSpan(parts: SpanParts, traceId = '1'): Trace {
  return drawnTrace('R [--)', { R: { traceId, ...parts } });
}

function found(parts: SpanParts): unknown[] {
  return findingsOf(secretRule, [oneSpan(parts)]).map(({ rule, severity, evidence }) => [
    rule,
    severity,
    evidence['kind'],
    evidence['key'],
  ]);
}

const event = (attributes: Record<string, AttributeValue>, name = 'log') => ({
  timeUnixNano: unixNano(1n),
  name,
  attributes: new Map(Object.entries(attributes)),
  droppedAttributes: 0,
});

test.each<[string, SpanParts, unknown]>([
  ['an attribute', { attributes: { body: `"${CARD}"` } }, ['pii', 'high', 'card', 'body']],
  ['a list', { attributes: { args: ['a', TOKEN] } }, ['secret', 'high', 'github-token', 'args']],
  [
    'a map',
    { attributes: { a: new Map([['b', TOKEN]]) } },
    ['secret', 'high', 'github-token', 'a.b'],
  ],
  [
    'a header',
    { attributes: { 'http.request.header.authorization': ['Basic amRvZTpodW50ZXIy'] } },
    ['secret', 'high', 'auth-header', 'http.request.header.authorization'],
  ],
  [
    'a key that says so',
    { attributes: { 'db.password': 'hunter2' } },
    ['secret', 'medium', 'sensitive-key', 'db.password'],
  ],
  ['the name', { name: `GET ${MAIL}` }, ['pii', 'medium', 'email', '(span name)']],
  [
    'the status message',
    { statusMessage: `no user ${MAIL}` },
    ['pii', 'low', 'email', '(status message)'],
  ],
  ['an event', { events: [event({ to: MAIL })] }, ['pii', 'low', 'email', 'to']],
  [
    "an event's name",
    { events: [event({}, `to ${MAIL}`)] },
    ['pii', 'low', 'email', '(event name)'],
  ],
  [
    'the resource',
    { resource: resourceOf('svc', { owner: MAIL }) },
    ['pii', 'low', 'email', 'owner'],
  ],
  [
    'a link',
    {
      links: [
        {
          traceId: traceIdOf('2'),
          spanId: spanIdOf('2'),
          traceState: '',
          attributes: new Map([['by', MAIL]]),
          flags: 0,
          droppedAttributes: 0,
        },
      ],
    },
    ['pii', 'low', 'email', 'by'],
  ],
  [
    'a statement',
    { attributes: { 'db.query.text': "SELECT * FROM u WHERE n = 'Roe'" } },
    ['sql-literals', 'info', 'sql-literals', 'db.query.text'],
  ],
])('%s is looked at', (_, parts, expected) => {
  expect(found(parts)).toEqual([expected]);
});

test.each<[string, SpanParts]>([
  ['masked', { attributes: { 'db.password': '****' } }],
  ['a switch', { attributes: { 'auth.password': 'true', 'x.secret': true } }],
  ['a placeholder', { attributes: { 'db.query.text': 'SELECT * FROM u WHERE n = $1' } }],
  ['an empty text', { attributes: { 'db.query.text': "SELECT ''" } }],
])('%s is none', (_, parts) => {
  expect(found(parts)).toEqual([]);
});

test('equal secrets are told apart from others by their hash, and shown by their beginning alone', () => {
  const parts = (token: string) => ({ attributes: { t: token } });
  const other = TOKEN.replace('Zx9', 'Aa0');
  const traces = [parts(TOKEN), parts(other), parts(TOKEN)].map((p, i) => oneSpan(p, `${i + 1}`));
  const [finding] = findingsOf(secretRule, traces);
  expect(finding).toMatchObject({ count: 3, traces: 3, service: 'svc' });
  expect(finding?.evidence).toMatchObject({
    differentValues: 2,
    values: [
      { sha256: sha256(TOKEN).slice(0, 8), begins: 'ghp_…', times: 2 },
      { sha256: sha256(other).slice(0, 8), begins: 'ghp_…', times: 1 },
    ],
  });
});

test('of a short secret no more than a quarter is shown', () => {
  const [finding] = findingsOf(secretRule, [oneSpan({ attributes: { 'a.password': 'hunter2' } })]);
  expect(finding?.evidence['values']).toMatchObject([{ begins: 'h…' }]);
});

test('a resource that many spans share counts once', () => {
  const resource = resourceOf('svc', { owner: MAIL });
  const trace = drawnTrace('R [--)\n  a [)', { R: { resource }, a: { resource } });
  expect(findingsOf(secretRule, [trace]).map(({ count }) => count)).toEqual([1]);
});

/** Where a secret can be: every text of a span that a rule may show. */
const PLACES: readonly ((secret: string) => SpanParts)[] = [
  (secret) => ({ name: `GET /users/${secret} now` }),
  (secret) => ({ statusMessage: secret, statusCode: 'error' }),
  (secret) => ({ attributes: { [`user ${secret}`]: secret } }),
  (secret) => ({
    kind: 'client',
    attributes: { 'db.system': 'mysql', 'db.statement': `SELECT '${secret}'` },
  }),
  (secret) => ({
    kind: 'client',
    attributes: { 'url.full': `http://example.com/a?token=${secret}` },
  }),
  (secret) => ({ kind: 'client', attributes: { 'url.full': `http://u:${secret}@example.com/` } }),
  (secret) => ({ attributes: { 'http.request.header.cookie': secret } }),
  (secret) => ({ events: [event({ 'exception.message': secret }, 'exception')] }),
  (secret) => ({ attributes: { nested: new Map<string, AttributeValue>([['a', [secret, 1n]]]) } }),
];

test('no finding of any rule contains a secret that was planted, wherever it is', () => {
  const tail = fc.string({
    unit: fc.constantFrom('A', 'B', 'K', 'Q', 'X', 'Z', '2', '3', '7', '9'),
    minLength: 36,
    maxLength: 36,
  });
  const place = fc.nat({ max: PLACES.length - 1 });
  fc.assert(
    fc.property(tail, fc.array(place, { minLength: 4, maxLength: 12 }), (text, places) => {
      const secret = `ghp_${text}`;
      const accumulator = detect(RULES);
      for (const [i, at] of places.entries()) {
        const spanParts = PLACES[at]?.(secret) ?? {};
        const picture = 'R [---------)\n  a [---)\n    b [-)\n  c    [---)';
        const parts = { traceId: `${i + 1}`, ...spanParts };
        accumulator.add(
          drawnTrace(picture, { R: { traceId: `${i + 1}` }, a: parts, b: parts, c: parts }),
        );
      }
      const output = JSON.stringify(accumulator.result());
      expect(output).toContain('"secret"');
      expect(output).not.toContain(text.slice(0, 12));
    }),
    { numRuns: 60 },
  );
});

test('a card number, an address and a password of a header appear in no finding either', () => {
  const parts: SpanParts = {
    name: `pay ${CARD} for ${MAIL}`,
    attributes: {
      'http.request.body': CARD,
      'http.request.header.authorization': 'Basic amRvZTpodW50ZXIy',
    },
  };
  const accumulator = detect(RULES);
  for (const id of ['1', '2', '3', '4']) {
    accumulator.add(
      drawnTrace('R [---)\n  a [)', { R: { traceId: id }, a: { traceId: id, ...parts } }),
    );
  }
  const output = JSON.stringify(accumulator.result());
  for (const secret of [CARD, MAIL, 'amRvZTpodW50ZXIy', 'jane.roe'])
    expect(output).not.toContain(secret);
});
