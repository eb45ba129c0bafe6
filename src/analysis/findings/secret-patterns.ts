import { hasLuhnChecksum } from './luhn.ts';
import { mayHoldSecret } from './secret-hint.ts';

/** What kind of confidential text a place holds. The last one is only a habit that leads to such text. */
export const SECRET_KINDS = [
  'aws-key',
  'github-token',
  'slack-token',
  'stripe-key',
  'google-key',
  'npm-token',
  'pypi-token',
  'private-key',
  'jwt',
  'auth-header',
  'url-userinfo',
  'query-token',
  'sensitive-key',
  'card',
  'email',
  'sql-literals',
] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];

/** Where in a text a secret is: `[start, end)` in UTF-16 units. */
export interface SecretMatch {
  readonly kind: SecretKind;
  readonly start: number;
  readonly end: number;
}

/** How much of one text is looked at; a token lies near its beginning or nowhere, and a dump may hold megabytes in one value. */
const MAX_TEXT = 64 * 1024;

/**
 * In order of precedence: what one matched, a later one does not see. Repetitions are bounded wherever a match may begin at
 * every character, so that no text takes quadratic time. A group named `secret` is the confidential part of a match.
 */
const PATTERNS: readonly (readonly [SecretKind, RegExp])[] = [
  [
    'private-key',
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?<secret>[\s\S]*?)(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/dg,
  ],
  ['jwt', /\beyJ[\w-]{8,1024}\.eyJ[\w-]{8,8192}\.[\w-]{8,2048}/dg],
  ['aws-key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/dg],
  ['github-token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})/dg],
  ['slack-token', /\bxox[abprs]-[A-Za-z0-9-]{10,}/dg],
  ['stripe-key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/dg],
  ['google-key', /\bAIza[\w-]{35}(?![\w-])/dg],
  ['npm-token', /\bnpm_[A-Za-z0-9]{36}\b/dg],
  ['pypi-token', /\bpypi-[\w-]{16,}/dg],
  ['auth-header', /\b[Bb]earer (?<secret>[\w.~+/-]{16,}=*)/dg],
  [
    'url-userinfo',
    /\b[a-zA-Z][a-zA-Z0-9+.-]{0,20}:\/\/[^\s/:@]{1,200}:(?<secret>[^\s/@]{1,400})@/dg,
  ],
  [
    'query-token',
    /[?&](?:access_token|api_?key|token|password|secret|sig(?:nature)?)=(?<secret>[^&\s"'<>#]{6,})/dgi,
  ],
  // In one piece, or grouped as on a card. Not next to a letter, a digit or a decimal point: that is a part of something longer.
  [
    'card',
    /(?<![\w.-])(?:[3-6]\d{12,18}|[3-6]\d{3}(?<gap>[ -])\d{4}\k<gap>\d{4}\k<gap>\d{4}(?:\k<gap>\d{1,3})?|3\d{3}(?<gap2>[ -])\d{6}\k<gap2>\d{4,5})(?!\w|[.-]\w)/dg,
  ],
  ['email', /\b[\w.%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b/dg],
];

const NO_SECRETS: readonly SecretMatch[] = [];

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;

/**
 * The secrets in a text, by position, none overlapping; looks at the first 64 KiB. Values that were masked before (`***`,
 * `[redacted]`, `{token}`) are none. A card number is 13 to 19 digits, perhaps in groups, with a valid check digit.
 */
export function findSecrets(text: string): readonly SecretMatch[] {
  if (!mayHoldSecret(text)) return NO_SECRETS;
  let rest = text.slice(0, MAX_TEXT);
  const found: SecretMatch[] = [];
  for (const [kind, pattern] of PATTERNS) {
    if (kind === 'card') rest = rest.replace(UUID, blank);
    const matches = matchesOf(kind, pattern, rest);
    found.push(...matches);
    for (const { start, end } of matches) {
      rest = rest.slice(0, start) + blank(rest.slice(start, end)) + rest.slice(end);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function matchesOf(kind: SecretKind, pattern: RegExp, text: string): SecretMatch[] {
  return Array.from(text.matchAll(pattern)).flatMap(({ 0: whole, index, indices }) => {
    const [start, end] = indices?.groups?.['secret'] ?? [index, index + whole.length];
    const secret = text.slice(start, end);
    const isSecret = kind === 'card' ? hasLuhnChecksum(secret) : !isMasked(secret);
    return isSecret ? [{ kind, start, end }] : [];
  });
}

/** Of the same length, so that positions stay, and nothing that a pattern matches. */
function blank(text: string): string {
  return '\n'.repeat(text.length);
}

const MASKED = /^(?:\*+|x{3,}|\[?(?:redacted|filtered|masked)\]?|<.*>|\{.*\})$/i;

/** Whether a value says that there was a secret once: `***`, `xxx`, `[REDACTED]`, `<token>`, `{token}`; or says nothing. */
export function isMasked(value: string): boolean {
  const text = value.trim();
  return text === '' || MASKED.test(text);
}

const HEADER =
  /(?:^|\.)(?:authorization|cookie|set[-_]cookie|x[-_]api[-_]key|proxy[-_]authorization)$/i;

/** `pass` alone is a word of many others (compass, passenger), so that it must stand alone. */
const SENSITIVE =
  /pass(?:word|wd|phrase)|(?:^|[._-])pass(?:$|[._-])|secret|private[_.-]?key|credential/i;

/** Such a key says something about a secret: where it is kept, how long it is. */
const ABOUT_SECRET = /[._-](?:arn|name|type|count|length)$/i;

/** What a key alone makes of any value that is not masked; null when it says nothing. */
export function secretKey(key: string): 'auth-header' | 'sensitive-key' | null {
  if (HEADER.test(key)) return 'auth-header';
  return SENSITIVE.test(key) && !ABOUT_SECRET.test(key) ? 'sensitive-key' : null;
}

/** `text` with every secret in it replaced by `…`, for output that shows names and messages of a dump. */
export function withoutSecrets(text: string): string {
  let clean = '';
  let from = 0;
  for (const { start, end } of findSecrets(text)) {
    clean += `${text.slice(from, start)}…`;
    from = end;
  }
  return from === 0 ? text : clean + text.slice(from);
}
