import { decodeAttributes } from '../encoding/attribute-text.ts';
import type { TraceId } from '../model/ids.ts';
import {
  type Resource,
  type Scope,
  SPAN_KINDS,
  type SpanKind,
  type SpanOrigin,
} from '../model/span.ts';
import type { Connection, SqlRow } from './connection.ts';
import { fromSqlText, type SqlText } from './sql-text.ts';
import type { RowContext } from './stored-spans.ts';

/** How many entries a cache holds before it starts over. */
const CACHE_ENTRIES = 20_000;

/**
 * Names that hold ids make nearly as many operations as spans. A scan meets them in the order of their keys, more or less: whoever asks for
 * one a little behind the last gets those that follow along with it.
 */
const OPERATIONS_AHEAD = 64;

/** Looks up what rows of spans refer to; spans of one resource or scope get one object. */
export class SharedLookup {
  readonly #connection: Connection;
  readonly #operations = new Map<number, SharedOperation>();
  #lastOperation = 0;
  readonly #resources = new Map<number, Resource>();
  readonly #scopes = new Map<number, Scope>();
  readonly #formats = new Map<number, string>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The name and kind of an operation's row. */
  operation(key: number): SharedOperation {
    return cached(this.#operations, key, () => this.#operation(key));
  }

  /** The format of the dump that a source's row is of. */
  format(key: number): string {
    return cached(this.#formats, key, () => this.#format(key));
  }

  /** The context of the rows of one trace. */
  ofTrace(traceId: TraceId, traceIdRaw: string | null): RowContext {
    const origins = new Map<number, SpanOrigin>();
    return {
      traceId,
      traceIdRaw,
      operation: (key) => this.operation(key),
      resource: (key) => this.resource(key),
      scope: (key) => cached(this.#scopes, key, () => this.#scope(key)),
      origin: (key) => cached(origins, key, () => plainOrigin(this.format(key), traceIdRaw)),
    };
  }

  /** The resource of a row; one object each. */
  resource(key: number): Resource {
    return cached(this.#resources, key, () => this.#resource(key));
  }

  #operation(key: number): SharedOperation {
    const isNext = key > this.#lastOperation && key <= this.#lastOperation + OPERATIONS_AHEAD;
    this.#lastOperation = key;
    if (isNext) this.#readOperations(key);
    const read = this.#operations.get(key);
    if (read !== undefined) return read;
    const [name, kind] = this.#row<readonly [SqlText, bigint]>(
      'SELECT name, kind FROM operation_rows WHERE operation_key = ?',
      key,
    );
    return operationOf(name, kind);
  }

  /** The operation and some that follow, as far as the cache has room. */
  #readOperations(key: number): void {
    if (this.#operations.size + OPERATIONS_AHEAD >= CACHE_ENTRIES) this.#operations.clear();
    for (const [read, name, kind] of this.#connection.all<readonly [bigint, SqlText, bigint]>(
      'SELECT operation_key, name, kind FROM operation_rows WHERE operation_key BETWEEN ? AND ?',
      [key, key + OPERATIONS_AHEAD - 1],
    )) {
      this.#lastOperation = Number(read);
      this.#operations.set(this.#lastOperation, operationOf(name, kind));
    }
  }

  #resource(key: number): Resource {
    const [attributes, schemaUrl] = this.#row<readonly [string, SqlText]>(
      'SELECT attributes, schema_url FROM resource_rows WHERE resource_key = ?',
      key,
    );
    return { attributes: decodeAttributes(attributes), schemaUrl: fromSqlText(schemaUrl) };
  }

  #scope(key: number): Scope {
    const [name, version, attributes, dropped, schemaUrl] = this.#row<
      readonly [SqlText, SqlText, string, bigint, SqlText]
    >(
      `SELECT name, version, attributes, dropped_attributes, schema_url FROM scope_rows WHERE scope_key = ?`,
      key,
    );
    return {
      name: fromSqlText(name),
      version: fromSqlText(version),
      attributes: decodeAttributes(attributes),
      droppedAttributes: Number(dropped),
      schemaUrl: fromSqlText(schemaUrl),
    };
  }

  #format(key: number): string {
    const [format] = this.#row<readonly [string]>(
      'SELECT format FROM source_rows WHERE source_key = ?',
      key,
    );
    return format;
  }

  #row<Row extends SqlRow>(sql: string, key: number): Row {
    const row = this.#connection.first<Row>(sql, [key]);
    if (row === null) throw new RangeError(`the store lacks the row ${key} of: ${sql}`);
    return row;
  }
}

export interface SharedOperation {
  readonly name: string;
  readonly kind: SpanKind;
}

function operationOf(name: SqlText, kind: bigint): SharedOperation {
  return { name: fromSqlText(name), kind: SPAN_KINDS[Number(kind)] ?? 'unspecified' };
}

function plainOrigin(format: string, traceIdRaw: string | null): SpanOrigin {
  return {
    format,
    traceIdRaw,
    spanIdRaw: null,
    parentSpanIdRaw: null,
    shared: false,
    debug: false,
    warnings: [],
  };
}

function cached<Value>(cache: Map<number, Value>, key: number, make: () => Value): Value {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const value = make();
  if (cache.size >= CACHE_ENTRIES) cache.clear();
  cache.set(key, value);
  return value;
}
