import type { ContentHash } from '../encoding/content-hash.ts';
import type { EncodedResource, EncodedScope } from '../encoding/span-batch.ts';
import type { Connection } from './connection.ts';
import { toSqlText } from './sql-text.ts';

/** A service's key and those of its operations, by name and then by kind. */
interface ServiceEntry {
  readonly key: number;
  readonly operations: Map<string, (number | undefined)[]>;
}

interface ResourceEntry {
  readonly key: number;
  readonly service: ServiceEntry;
  readonly hash: ContentHash;
}

interface ScopeEntry {
  readonly key: number;
  readonly hash: ContentHash;
}

/** How many entries a cache holds before it starts over, so that memory stays bounded whatever the dump. */
const CACHE_ENTRIES = 20_000;

/**
 * Stores what many spans share once, and gives the keys: services, operations, resources and scopes by their content, sources by
 * import and format. Call it inside a transaction, and `forget` when a transaction failed or another connection wrote.
 */
export class SharedRows {
  readonly #connection: Connection;
  readonly #importKey: number;
  readonly #services = new Map<string, ServiceEntry>();
  readonly #resources = new Map<string, ResourceEntry>();
  readonly #scopes = new Map<string, ScopeEntry>();
  readonly #sources = new Map<string, number>();
  #operationCount = 0;

  constructor(connection: Connection, importKey: number) {
    this.#connection = connection;
    this.#importKey = importKey;
  }

  resource({ attributes, schemaUrl, service, hash }: EncodedResource): ResourceEntry {
    return cached(this.#resources, `${attributes}${schemaUrl}`, () => ({
      key: this.#keyOf(
        'SELECT resource_key FROM resource_rows WHERE content_hash = ? AND attributes = ? AND schema_url = ?',
        'INSERT INTO resource_rows (content_hash, attributes, schema_url) VALUES (?, ?, ?)',
        [hash, attributes, toSqlText(schemaUrl)],
      ),
      service: this.#service(service),
      hash,
    }));
  }

  scope(scope: EncodedScope): ScopeEntry {
    const { name, version, attributes, droppedAttributes, schemaUrl, hash } = scope;
    const text = JSON.stringify([name, version, attributes, droppedAttributes, schemaUrl]);
    return cached(this.#scopes, text, () => ({
      key: this.#keyOf(
        `SELECT scope_key FROM scope_rows WHERE content_hash = ? AND name = ? AND version = ? AND attributes = ?
         AND dropped_attributes = ? AND schema_url = ?`,
        `INSERT INTO scope_rows (content_hash, name, version, attributes, dropped_attributes, schema_url)
         VALUES (?, ?, ?, ?, ?, ?)`,
        [
          hash,
          toSqlText(name),
          toSqlText(version),
          attributes,
          droppedAttributes,
          toSqlText(schemaUrl),
        ],
      ),
      hash,
    }));
  }

  /** Key of a service, a span's name and the index of its kind. */
  operation(service: ServiceEntry, name: string, kind: number): number {
    let byKind = service.operations.get(name);
    const known = byKind?.[kind];
    if (known !== undefined) return known;
    if (++this.#operationCount > CACHE_ENTRIES) this.forget();
    const key = this.#keyOf(
      'SELECT operation_key FROM operation_rows WHERE service_key = ? AND name = ? AND kind = ?',
      'INSERT INTO operation_rows (service_key, name, kind) VALUES (?, ?, ?)',
      [service.key, toSqlText(name), kind],
    );
    byKind ??= [];
    byKind[kind] = key;
    service.operations.set(name, byKind);
    return key;
  }

  source(format: string): number {
    return cached(this.#sources, format, () =>
      this.#keyOf(
        'SELECT source_key FROM source_rows WHERE import_key = ? AND format = ?',
        'INSERT INTO source_rows (import_key, format) VALUES (?, ?)',
        [this.#importKey, format],
      ),
    );
  }

  /** Forgets every key. */
  forget(): void {
    this.#services.clear();
    this.#resources.clear();
    this.#scopes.clear();
    this.#sources.clear();
    this.#operationCount = 0;
  }

  #service(name: string): ServiceEntry {
    return cached(this.#services, name, () => ({
      key: this.#keyOf(
        'SELECT service_key FROM service_rows WHERE service = ?',
        'INSERT INTO service_rows (service) VALUES (?)',
        [toSqlText(name)],
      ),
      operations: new Map(),
    }));
  }

  /** The key of the row that `select` finds, or of a new one. */
  #keyOf(select: string, insert: string, values: readonly (string | number | Buffer)[]): number {
    const found = this.#connection.first<readonly [bigint]>(select, values);
    return found === null ? this.#connection.insert(insert, values) : Number(found[0]);
  }
}

function cached<Entry>(cache: Map<string, Entry>, text: string, make: () => Entry): Entry {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const entry = make();
  if (cache.size >= CACHE_ENTRIES) cache.clear();
  cache.set(text, entry);
  return entry;
}
