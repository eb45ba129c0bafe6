import { type ContentHash, chainedHash } from '../encoding/content-hash.ts';
import { type SpanBatch, UINT32, UINT32_PER_ROW } from '../encoding/span-batch.ts';
import type { SharedRows } from './shared-rows.ts';
import { WORD, WORDS_PER_SPAN } from './span-columns.ts';
import type { TraceEntry, TraceKeys } from './trace-keys.ts';

const KINDS = 8;

/** The rows that a batch refers to: each is looked up, or made, once per batch. Lives as long as one transaction. */
export class BatchKeys {
  /** By trace of the batch; two spellings of one id have one entry. */
  readonly traces: readonly TraceEntry[];
  readonly #batch: SpanBatch;
  readonly #shared: SharedRows;
  readonly #resources: readonly ReturnType<SharedRows['resource']>[];
  readonly #scopes: readonly ReturnType<SharedRows['scope']>[];
  readonly #sources: readonly number[];
  /** Keys of operations by resource, name and kind. */
  readonly #operations = new Map<number, number>();
  /** By resource and scope. */
  readonly #sharedHashes = new Map<number, ContentHash>();

  constructor(batch: SpanBatch, shared: SharedRows, traces: TraceKeys) {
    this.#batch = batch;
    this.#shared = shared;
    this.traces = batch.traces.map((trace) => traces.entry(trace));
    this.#resources = batch.resources.map((resource) => shared.resource(resource));
    this.#scopes = batch.scopes.map((scope) => shared.scope(scope));
    this.#sources = batch.sources.map((source) => shared.source(source));
  }

  /** The trace that a row of the batch belongs to. */
  traceOf(row: number): TraceEntry {
    return present(this.traces[this.#batch.uint32[row * UINT32_PER_ROW + UINT32.trace] ?? 0]);
  }

  /** Key of a row's source. */
  sourceOf(row: number): number {
    return present(this.#sources[this.#batch.uint32[row * UINT32_PER_ROW + UINT32.source] ?? 0]);
  }

  /**
   * Of all that a span is but its ids, the spelling of ids and the format: the same span from two dumps has equal hashes.
   */
  contentHash(row: number): ContentHash {
    const { uint32, hashes } = this.#batch;
    const resource = uint32[row * UINT32_PER_ROW + UINT32.resource] ?? 0;
    const scope = uint32[row * UINT32_PER_ROW + UINT32.scope] ?? 0;
    const pair = resource * this.#scopes.length + scope;
    let shared = this.#sharedHashes.get(pair);
    if (shared === undefined) {
      const hash = present(this.#resources[resource]).hash;
      shared = chainedHash(hash, present(this.#scopes[scope]).hash);
      this.#sharedHashes.set(pair, shared);
    }
    return chainedHash(hashes[row] ?? 0, shared);
  }

  /** Writes the keys of what a row refers to into the words of a span. */
  put(words: Uint32Array, span: number, row: number): void {
    const { uint32 } = this.#batch;
    const from = row * UINT32_PER_ROW;
    const to = span * WORDS_PER_SPAN;
    words[to + WORD.trace] = this.traceOf(row).key;
    words[to + WORD.operation] = this.#operation(from);
    words[to + WORD.resource] = present(this.#resources[uint32[from + UINT32.resource] ?? 0]).key;
    words[to + WORD.scope] = present(this.#scopes[uint32[from + UINT32.scope] ?? 0]).key;
  }

  #operation(at: number): number {
    const { uint32, names } = this.#batch;
    const name = uint32[at + UINT32.name] ?? 0;
    const resource = uint32[at + UINT32.resource] ?? 0;
    const kind = uint32[at + UINT32.kind] ?? 0;
    const id = (resource * names.length + name) * KINDS + kind;
    let key = this.#operations.get(id);
    if (key === undefined) {
      const { service } = present(this.#resources[resource]);
      key = this.#shared.operation(service, present(names[name]), kind);
      this.#operations.set(id, key);
    }
    return key;
  }
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined)
    throw new RangeError('a row that refers to what its batch does not have');
  return value;
}
