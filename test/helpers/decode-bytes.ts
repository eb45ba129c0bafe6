import type { IssueCode } from '../../src/importers/import-issue.ts';
import type { TraceFormat } from '../../src/importers/trace-format.ts';
import type { Span } from '../../src/model/span.ts';

/** Everything that a decoder put out, with the bytes at which its issues are. */
export interface DecodedBytes {
  readonly spans: readonly Span[];
  readonly issues: readonly {
    readonly code: IssueCode;
    readonly byte: number;
    readonly example: string;
  }[];
  readonly records: number;
}

/** Decodes a dump in pieces of `chunkBytes`, each of which is overwritten once the decoder has had it. */
export function decodeBytes(
  format: TraceFormat,
  dump: Uint8Array,
  chunkBytes = Number.MAX_SAFE_INTEGER,
): DecodedBytes {
  const spans: Span[] = [];
  const issues: { code: IssueCode; byte: number; example: string }[] = [];
  let records = 0;
  const decoder = format.decode({
    span: (span) => spans.push(span),
    issue: (code, at, example) => issues.push({ code, byte: at.byte, example }),
    record: () => {
      records += 1;
    },
    split: () => {
      throw new Error('nothing to split');
    },
  });
  for (let at = 0; at < dump.length; at += chunkBytes) {
    const chunk = Uint8Array.from(dump.subarray(at, at + chunkBytes));
    decoder.push(chunk);
    chunk.fill(0xff);
  }
  decoder.end();
  return { spans, issues, records };
}
