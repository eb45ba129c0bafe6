import type { IssueCode } from '../../src/importers/import-issue.ts';
import type { TraceFormat } from '../../src/importers/trace-format.ts';
import type { Span } from '../../src/model/span.ts';

/** Everything that a decoder put out. */
export interface Decoded {
  readonly spans: readonly Span[];
  readonly issues: readonly { readonly code: IssueCode; readonly example: string }[];
  readonly records: number;
  readonly split: number;
}

/** Decodes a whole dump at once. A value that is not text is written as JSON first. */
export function decodeText(format: TraceFormat, dump: unknown): Decoded {
  const spans: Span[] = [];
  const issues: { code: IssueCode; example: string }[] = [];
  let records = 0;
  let split = 0;
  const decoder = format.decode({
    span: (span) => spans.push(span),
    issue: (code, _at, example) => issues.push({ code, example }),
    record: () => {
      records += 1;
    },
    split: (extra) => {
      split += extra;
    },
  });
  decoder.push(new TextEncoder().encode(typeof dump === 'string' ? dump : JSON.stringify(dump)));
  decoder.end();
  return { spans, issues, records, split };
}
