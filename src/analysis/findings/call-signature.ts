import type { Attributes } from '../../model/attributes.ts';
import type { Span } from '../../model/span.ts';
import type { TraceNode } from '../../model/trace.ts';
import { conceptText } from '../attribute-concepts.ts';
import { rememberTexts } from '../remember-texts.ts';
import { groupId } from '../span-grouping.ts';
import { attributeSigns, SIGN } from './attribute-signs.ts';
import { parameterisedSql } from './parameterised-sql.ts';
import { parameterisedPath, type UrlParts, urlParts } from './parameterised-url.ts';

/** What a call goes to, as far as its attributes tell. */
export type CallClass = 'db' | 'messaging' | 'http' | 'rpc' | 'other';

/** A span as the call that its parent makes. */
export interface Call {
  readonly node: TraceNode;
  readonly class: CallClass;
  /** The call without its values, for people: `select * from users where id = ?`, `GET shop/cart/*?user`, `GetDriver`. */
  readonly text: string;
  /** Equal for calls that differ in values alone: service, class and text. */
  readonly signature: string;
  /** The call with its values: the statement, or method and URL. Null when unknown. It may hold secrets: compare it, never print it. */
  readonly raw: string | null;
}

/** Statements that are remembered, at most, and how long they may be: 10 MB together. */
const MAX_STATEMENTS = 5_000;
const MAX_STATEMENT_LENGTH = 1_000;

/** Reads calls. Equal statements are read once. */
export class Signatures {
  readonly #sql = new Map<string, string | null>();

  /** `node` as a call of its parent; null when it is none, e.g. a function or the server's side of a call. */
  callOf(node: TraceNode): Call | null {
    return isCall(node) ? this.read(node) : null;
  }

  /** `node` read as if it were a call, whoever its parent is. */
  read(node: TraceNode): Call {
    return new ReadCall(node, this);
  }

  /** The text of a call, for `read`. */
  textOf(callClass: CallClass, { attributes, name }: Span): string {
    if (callClass === 'http') return httpText(attributes, name);
    const statement = callClass === 'db' ? conceptText(attributes, 'databaseStatement') : null;
    if (statement === null) {
      return callClass === 'db' ? operationText(name) : named(attributes, name);
    }
    return this.#parameterised(statement) ?? `${firstWord(statement)} ${operationText(name)}`;
  }

  #parameterised(statement: string): string | null {
    let sql = this.#sql.get(statement);
    if (sql === undefined) {
      sql = parameterisedSql(statement);
      if (this.#sql.size === MAX_STATEMENTS) this.#sql.clear();
      if (statement.length <= MAX_STATEMENT_LENGTH) this.#sql.set(statement, sql);
    }
    return sql;
  }
}

/** Reads text and values when they are asked for: most calls are alone below their caller, and nothing to compare with. */
class ReadCall implements Call {
  readonly node: TraceNode;
  readonly class: CallClass;
  readonly #signatures: Signatures;
  #text: string | null = null;
  #raw: string | null | undefined;
  #signature: string | null = null;

  constructor(node: TraceNode, signatures: Signatures) {
    this.node = node;
    this.class = callClassOf(node.span.attributes);
    this.#signatures = signatures;
  }

  get text(): string {
    this.#text ??= this.#signatures.textOf(this.class, this.node.span);
    return this.#text;
  }

  get raw(): string | null {
    if (this.#raw === undefined) this.#raw = rawOf(this.class, this.node.span.attributes);
    return this.#raw;
  }

  get signature(): string {
    const { service } = this.node;
    this.#signature ??= groupId({ service, class: this.class, text: this.text });
    return this.#signature;
  }
}

/**
 * Whether a span stands for a call that its parent makes: a client or producer; a server, or a span of another service, where no
 * client span recorded the call; a kindless span that names a peer; a local span that says what it called. The server's side under
 * its client is not a second call, and nobody calls a consumer.
 */
function isCall({ span, service, parent }: TraceNode): boolean {
  if (parent === null) return false;
  switch (span.kind) {
    case 'client':
    case 'producer':
      return true;
    case 'consumer':
      return false;
    case 'server':
      return !isCaller(parent);
    case 'unspecified':
    case 'internal':
      if (parent.service !== service) return !isCaller(parent);
      return (
        callClassOf(span.attributes) !== 'other' ||
        (span.kind === 'unspecified' && conceptText(span.attributes, 'peerService') !== null)
      );
  }
}

function isCaller({ span }: TraceNode): boolean {
  return span.kind === 'client' || span.kind === 'producer';
}

function callClassOf(attributes: Attributes): CallClass {
  const signs = attributeSigns(attributes);
  if (signs & SIGN.database && isDatabase(attributes)) return 'db';
  if (signs & SIGN.messaging && conceptText(attributes, 'messagingSystem')) return 'messaging';
  if (signs & SIGN.http && isHttp(attributes)) return 'http';
  return signs & SIGN.rpc && conceptText(attributes, 'rpc') !== null ? 'rpc' : 'other';
}

function isDatabase(attributes: Attributes): boolean {
  return (
    (conceptText(attributes, 'databaseSystem') ?? conceptText(attributes, 'databaseStatement')) !==
    null
  );
}

function isHttp(attributes: Attributes): boolean {
  return (conceptText(attributes, 'httpMethod') ?? conceptText(attributes, 'url')) !== null;
}

function httpText(attributes: Attributes, name: string): string {
  const method = (conceptText(attributes, 'httpMethod') ?? '').toUpperCase();
  const url = urlParts(attributes);
  if (url === null) return named(attributes, name);
  const path = conceptText(attributes, 'route') ?? parameterisedPath(url.path);
  const keys = queryKeys(url);
  return `${method} ${url.host}${path}${keys === '' ? '' : `?${keys}`}`.trim();
}

/** The statement, or method and URL; null where these are not known. */
function rawOf(callClass: CallClass, attributes: Attributes): string | null {
  if (callClass === 'db') {
    const statement = conceptText(attributes, 'databaseStatement');
    return statement === null ? null : valuesOf(statement, attributes);
  }
  const url = callClass === 'http' ? urlParts(attributes) : null;
  // Some clients record the host alone: then equal URLs say nothing.
  if (url === null || (url.path === '' && url.query === '')) return null;
  return `${(conceptText(attributes, 'httpMethod') ?? '').toUpperCase()} ${url.full}`;
}

function queryKeys({ query }: UrlParts): string {
  const keys = query.split('&').map((pair) => pair.split('=', 1)[0] ?? '');
  return [...new Set(keys.filter((key) => key !== ''))].sort().join('&');
}

/** A call that says no more than its name and who it goes to. */
function named(attributes: Attributes, name: string): string {
  const peer =
    conceptText(attributes, 'calledName') ?? conceptText(attributes, 'messagingDestination');
  const operation = operationText(name);
  return peer === null ? operation : `${operation} ${parameterisedPath(peer)}`;
}

const operationText = rememberTexts((name) => parameterisedPath(name.trim()) || '(unnamed)');

const QUOTED = /'(?:[^']|'')*'/g;
const PLACEHOLDER = /\?|\$\d+|%s|(?<![:\w]):[a-z_]\w*|(?<![@\w])@\w+/i;

const hasPlaceholder = rememberTexts((statement) =>
  PLACEHOLDER.test(statement.replace(QUOTED, '')),
);

/** A statement with its values; null where placeholders stand for values that are not recorded: then equal statements may ask for different things. */
function valuesOf(statement: string, attributes: Attributes): string | null {
  if (!hasPlaceholder(statement)) return statement.includes("'?'") ? null : statement;
  if ((attributeSigns(attributes) & SIGN.parameters) === 0) return null;
  const values: string[] = [];
  attributes.forEach((value, key) => {
    if (key.startsWith('db.') && PARAMETER.test(key) && typeof value === 'string') {
      values.push(`${key}=${value}`);
    }
  });
  return values.length === 0 ? null : `${statement}\n${values.sort().join('\n')}`;
}

const PARAMETER = /^db\.(?:query|operation)\.parameter\./;

function firstWord(text: string): string {
  return text.trim().split(/\s/, 1)[0] ?? '';
}
