import { mayHoldSecret } from './secret-hint.ts';
import { findSecrets, isMasked, type SecretKind, secretKey } from './secret-patterns.ts';

/** Keys whose facts are remembered. */
const MAX_KEYS = 10_000;
/** Values that are remembered of one key, and of all, and how long they may be: 5 MB together. */
const MAX_KNOWN = 200;
const MAX_ALL_KNOWN = 20_000;
const MAX_LENGTH = 200;

/** A secret in a value: the confidential part of its text, "" where only its being there counts. */
export interface FoundSecret {
  readonly kind: SecretKind;
  readonly text: string;
}

const NO_SECRETS: readonly FoundSecret[] = [];

/** What a key makes of its values. */
export interface SecretKey {
  readonly key: string;
  /** Of any value that is not masked. */
  readonly kind: ReturnType<typeof secretKey>;
  readonly isStatement: boolean;
  /** It makes confidential what texts alone would not. */
  readonly isTelling: boolean;
  /** The secrets in values that came before; null when there are too many different ones. */
  known: Map<string, readonly FoundSecret[]> | null;
}

/** Reads secrets from the values of keys. Values that come again are read once, of keys that have few. */
export class SecretValues {
  readonly #keys = new Map<string, SecretKey>();
  #known = 0;

  keyOf(key: string): SecretKey {
    let facts = this.#keys.get(key);
    if (facts === undefined) {
      const kind = secretKey(key);
      const isStatement = STATEMENT_KEYS.has(key);
      const isTelling = kind !== null || isStatement;
      facts = { key, kind, isStatement, isTelling, known: new Map() };
      if (this.#keys.size < MAX_KEYS) this.#keys.set(key, facts);
    }
    return facts;
  }

  /** The secrets in a value of a key. */
  secretsIn(key: SecretKey, value: string): readonly FoundSecret[] {
    const known = key.known?.get(value);
    if (known !== undefined) return known;
    if (!key.isTelling && !mayHoldSecret(value)) {
      this.#remember(key, value, NO_SECRETS);
      return NO_SECRETS;
    }
    const found = read(key, value);
    this.#remember(key, value, found);
    return found;
  }

  #remember(key: SecretKey, value: string, found: readonly FoundSecret[]): void {
    if (key.known === null || value.length > MAX_LENGTH) return;
    if (key.known.size === MAX_KNOWN || this.#known === MAX_ALL_KNOWN) {
      this.#known -= key.known.size;
      key.known = null;
      return;
    }
    key.known.set(value, found);
    this.#known += 1;
  }
}

const STATEMENT_KEYS: ReadonlySet<string> = new Set(['db.query.text', 'db.statement', 'sql.query']);

function read(key: SecretKey, value: string): readonly FoundSecret[] {
  if (key.kind !== null && isConfidential(value)) return [{ kind: key.kind, text: value }];
  const found = secretsInText(value);
  if (!key.isStatement || !hasLiteral(value)) return found;
  return [{ kind: 'sql-literals', text: '' }, ...found];
}

/** The secrets that a text alone tells. */
export function secretsInText(text: string): readonly FoundSecret[] {
  if (!mayHoldSecret(text)) return NO_SECRETS;
  return findSecrets(text).map(({ kind, start, end }) => ({ kind, text: text.slice(start, end) }));
}

/** A word that answers a question (`user.password_set`) is no password. */
const NO_VALUE = /^(?:true|false|yes|no|none|null|undefined|\d)$/i;

function isConfidential(value: string): boolean {
  return !isMasked(value) && !NO_VALUE.test(value.trim());
}

function hasLiteral(statement: string): boolean {
  const start = statement.indexOf("'");
  return start !== -1 && statement.indexOf("'", start + 1) > start + 1;
}
