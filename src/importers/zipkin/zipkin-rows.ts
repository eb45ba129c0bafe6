import { UINT32, UINT32_PER_ROW } from '../../encoding/span-batch.ts';
import type { SpanBatchBuilder } from '../../encoding/span-batch-builder.ts';
import type { BytesAt, BytesReader } from '../json/json-shape.ts';
import { type SpanScanner, spanScanner } from '../span-scanner.ts';
import type { DecoderOutput } from '../trace-format.ts';
import { scopeOf, serviceResource, type ZipkinShared } from './zipkin-span.ts';

/** Takes spans of Zipkin's API v2 from their bytes into rows of a batch. Undefined where spans are wanted as objects. */
export function zipkinRows(out: DecoderOutput, shared: ZipkinShared): BytesReader | undefined {
  const { batch } = out;
  const scanner = batch === undefined ? null : spanScanner();
  if (batch === undefined || scanner === null) return undefined;
  const own = (rows: Uint32Array): void => ownRows(rows, scanner, batch, shared);
  return (at: BytesAt) => {
    const spans = scanner.read('readZipkinSpans', at, batch, own);
    if (spans === null) return 'odd';
    if (spans === 'later') return spans;
    out.encoded?.(spans.count);
    batch.closeIfFull();
    return spans.end;
  };
}

function ownRows(
  rows: Uint32Array,
  scanner: SpanScanner,
  batch: SpanBatchBuilder,
  shared: ZipkinShared,
): void {
  const source = batch.source('zipkin-v2');
  for (let row = 0; row < rows.length; row += UINT32_PER_ROW) {
    const service = scanner.ownerText(rows[row + UINT32.resource] ?? 0);
    const scope = scanner.ownerText(rows[row + UINT32.scope] ?? 0);
    const [name, version]: [string, string] = scope === '' ? ['', ''] : JSON.parse(`[${scope}]`);
    rows[row + UINT32.resource] = batch.resources.slotOf(serviceResource(service, null, shared));
    rows[row + UINT32.scope] = batch.scopes.slotOf(scopeOf({ name, version }, shared));
    rows[row + UINT32.source] = source;
  }
}
