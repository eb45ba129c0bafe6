import type { SpanBatchBuilder } from '../encoding/span-batch-builder.ts';
import type { Span } from '../model/span.ts';
import { IMPORT_ISSUES, type IssueCode, type IssueCount, type Place } from './import-issue.ts';
import { DEFAULT_LIMITS, type MemoryLimits } from './memory-limits.ts';
import type { DecoderOutput } from './trace-format.ts';

const MAX_EXAMPLE_LENGTH = 120;

/** Gathers what a decoder finds: the spans until they are taken, of the issues one line per code. */
export class ImportOutput implements DecoderOutput {
  #records = 0;
  #split = 0;
  #spans = 0;
  #issueCount = 0;
  #waiting: Span[] = [];
  /** How many of `#waiting` have been taken. */
  #taken = 0;
  /** Spans go there instead of waiting. */
  readonly batch: SpanBatchBuilder | undefined;
  readonly limits: MemoryLimits;
  readonly #issues = new Map<IssueCode, { count: number; firstAt: Place; example: string }>();

  constructor(limits: MemoryLimits = DEFAULT_LIMITS, batch?: SpanBatchBuilder) {
    this.limits = limits;
    this.batch = batch;
  }

  get records(): number {
    return this.#records;
  }

  /** Spans that records gave beyond one each. */
  get splits(): number {
    return this.#split;
  }

  /** Spans given so far, taken or not. */
  get spans(): number {
    return this.#spans;
  }

  /** Issues noted so far. */
  get issueCount(): number {
    return this.#issueCount;
  }

  /** Spans that wait to be taken. */
  get waiting(): number {
    return this.#waiting.length - this.#taken;
  }

  /** Whether all that was found are logs and metrics. */
  get holdsOnlyOtherSignals(): boolean {
    return this.#records === 0 && this.#issues.has('other-signal');
  }

  span(span: Span): void {
    this.#spans += 1;
    if (this.batch === undefined) this.#waiting.push(span);
    else this.batch.add(span);
  }

  encoded(count: number): void {
    this.#records += count;
    this.#spans += count;
  }

  record(): void {
    this.#records += 1;
  }

  split(extra: number): void {
    this.#split += extra;
  }

  issue(code: IssueCode, at: Place, example: string): void {
    this.#issueCount += 1;
    const known = this.#issues.get(code);
    if (known === undefined) {
      this.#issues.set(code, { count: 1, firstAt: at, example: cut(example) });
      return;
    }
    known.count += 1;
    // Formats that hold records back report out of order.
    if (at.byte < known.firstAt.byte) {
      known.firstAt = at;
      known.example = cut(example);
    }
  }

  /** The next spans, at most `size`. */
  take(size: number): readonly Span[] {
    const spans = this.#waiting.slice(this.#taken, this.#taken + size);
    this.#taken += spans.length;
    // Let go of what was taken, but not at every step: that would copy a long queue again and again.
    if (this.#taken * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
    }
    return spans;
  }

  /** One line per code, by the place of its first, then by code. */
  issues(): readonly IssueCount[] {
    return [...this.#issues]
      .map(([code, issue]) => ({ code, severity: IMPORT_ISSUES[code].severity, ...issue }))
      .sort((a, b) => a.firstAt.byte - b.firstAt.byte || (a.code < b.code ? -1 : 1));
  }
}

function cut(example: string): string {
  if (example.length <= MAX_EXAMPLE_LENGTH) return example;
  return `${example.slice(0, MAX_EXAMPLE_LENGTH - 1)}…`;
}
