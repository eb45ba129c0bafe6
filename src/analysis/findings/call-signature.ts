import type { Attributes } from '../../model/attributes.ts';
import type { TraceNode } from '../../model/trace.ts';
import { conceptText } from '../attribute-concepts.ts';
import { groupId } from '../span-grouping.ts';
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

/** Reads calls. Equal statements and URLs are read once, so keep one for a trace and no longer. */
export class Signatures {
  readonly #sql = new Map<string, string>();

  /** `node` as a call of its parent; null when it is none, e.g. a function or the server's side of a call. */
  callOf(node: TraceNode): Call | null {
    return isCall(node) ? this.read(node) : null;
  }

  /** `node` read as if it were a call, whoever its parent is. */
  read(node: TraceNode): Call {
    const { attributes, name } = node.span;
    const callClass = callClassOf(attributes);
    const { text, raw } =
      callClass === 'db'
        ? this.#database(attributes, name)
        : callClass === 'http'
          ? http(attributes, name)
          : { text: named(attributes, name), raw: null };
    const signature = groupId({ service: node.service, class: callClass, text });
    return { node, class: callClass, text, signature, raw };
  }

  #database(attributes: Attributes, name: string): { text: string; raw: string | null } {
    const statement = conceptText(attributes, 'databaseStatement');
    if (statement === null) return { text: operationText(name), raw: null };
    let sql = this.#sql.get(statement);
    if (sql === undefined) {
      sql = parameterisedSql(statement) ?? `${firstWord(statement)} ${operationText(name)}`;
      this.#sql.set(statement, sql);
    }
    return { text: sql, raw: valuesOf(statement, attributes) };
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
  if (conceptText(attributes, 'databaseSystem') ?? conceptText(attributes, 'databaseStatement')) {
    return 'db';
  }
  if (conceptText(attributes, 'messagingSystem')) return 'messaging';
  if (conceptText(attributes, 'httpMethod') ?? conceptText(attributes, 'url')) return 'http';
  return conceptText(attributes, 'rpc') === null ? 'other' : 'rpc';
}

function http(attributes: Attributes, name: string): { text: string; raw: string | null } {
  const method = (conceptText(attributes, 'httpMethod') ?? '').toUpperCase();
  const url = urlParts(attributes);
  if (url === null) return { text: named(attributes, name), raw: null };
  const path = conceptText(attributes, 'route') ?? parameterisedPath(url.path);
  const keys = queryKeys(url);
  const text = `${method} ${url.host}${path}${keys === '' ? '' : `?${keys}`}`.trim();
  // Some clients record the host alone: then equal URLs say nothing.
  const raw = url.path === '' && url.query === '' ? null : `${method} ${url.full}`;
  return { text, raw };
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

function operationText(name: string): string {
  return parameterisedPath(name.trim()) || '(unnamed)';
}

const QUOTED = /'(?:[^']|'')*'/g;
const PLACEHOLDER = /\?|\$\d+|%s|(?<![:\w]):[a-z_]\w*|(?<![@\w])@\w+/i;

/** A statement with its values; null where placeholders stand for values that are not recorded: then equal statements may ask for different things. */
function valuesOf(statement: string, attributes: Attributes): string | null {
  if (!PLACEHOLDER.test(statement.replace(QUOTED, '')))
    return statement.includes("'?'") ? null : statement;
  const values: string[] = [];
  for (const [key, value] of attributes) {
    if (PARAMETER.test(key) && typeof value === 'string') values.push(`${key}=${value}`);
  }
  return values.length === 0 ? null : `${statement}\n${values.sort().join('\n')}`;
}

const PARAMETER = /^db\.(?:query|operation)\.parameter\./;

function firstWord(text: string): string {
  return text.trim().split(/\s/, 1)[0] ?? '';
}
