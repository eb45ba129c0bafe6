import { chainedHash } from '../encoding/content-hash.ts';
import { type SpanBatch, UINT32, UINT32_PER_ROW } from '../encoding/span-batch.ts';
import type { SharedRows } from './shared-rows.ts';
import type { SpanReferences } from './span-rows.ts';
import type { TraceEntry, TraceKeys } from './trace-keys.ts';

const KINDS = 8;

/** The rows that a batch refers to: each is looked up, or made, once per batch. Lives as long as one transaction. */
export class BatchKeys {
  readonly #batch: SpanBatch;
  readonly #shared: SharedRows;
  readonly #traces: readonly TraceEntry[];
  readonly #resources: readonly ReturnType<SharedRows['resource']>[];
  readonly #scopes: readonly ReturnType<SharedRows['scope']>[];
  readonly #sources: readonly number[];
  /** Keys of operations by resource, name and kind. */
  readonly #operations = new Map<number, number>();

  constructor(batch: SpanBatch, shared: SharedRows, traces: TraceKeys) {
    this.#batch = batch;
    this.#shared = shared;
    this.#traces = batch.traces.map((trace) => traces.entry(trace));
    this.#resources = batch.resources.map((resource) => shared.resource(resource));
    this.#scopes = batch.scopes.map((scope) => shared.scope(scope));
    this.#sources = batch.sources.map((source) => shared.source(source));
  }

  /** Keys of all traces that the batch has spans of. */
  get traces(): readonly number[] {
    return this.#traces.map(({ key }) => key);
  }

  /** What a row of the batch refers to. */
  of(row: number): SpanReferences {
    const { uint32, traces } = this.#batch;
    const at = row * UINT32_PER_ROW;
    const traceIndex = uint32[at + UINT32.trace] ?? 0;
    const trace = this.#traces[traceIndex];
    const resource = this.#resources[uint32[at + UINT32.resource] ?? 0];
    const scope = this.#scopes[uint32[at + UINT32.scope] ?? 0];
    const sourceKey = this.#sources[uint32[at + UINT32.source] ?? 0];
    if (!trace || !resource || !scope || sourceKey === undefined) {
      throw new RangeError('a row that refers to what its batch does not have');
    }
    return {
      traceKey: trace.key,
      traceIdRaw: trace.traceIdRaw,
      spanTraceIdRaw: traces[traceIndex]?.raw ?? null,
      operationKey: this.#operation(at),
      resourceKey: resource.key,
      scopeKey: scope.key,
      sourceKey,
      sharedHash: chainedHash(resource.hash, scope.hash),
    };
  }

  #operation(at: number): number {
    const { uint32, names } = this.#batch;
    const name = uint32[at + UINT32.name] ?? 0;
    const resource = uint32[at + UINT32.resource] ?? 0;
    const kind = uint32[at + UINT32.kind] ?? 0;
    const id = (resource * names.length + name) * KINDS + kind;
    let key = this.#operations.get(id);
    if (key === undefined) {
      const service = this.#resources[resource]?.service;
      if (!service) throw new RangeError('a row without a resource');
      key = this.#shared.operation(service, names[name] ?? '', kind);
      this.#operations.set(id, key);
    }
    return key;
  }
}
