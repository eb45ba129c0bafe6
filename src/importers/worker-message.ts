import type { SpanBatch } from '../encoding/span-batch.ts';
import type { FailureKind } from '../model/user-error.ts';
import type { DumpReport } from './import-dump.ts';
import type { MemoryLimits } from './memory-limits.ts';
import type { DumpFile } from './open-dump.ts';

/** What a worker is started with. */
export interface WorkerTask {
  readonly file: DumpFile;
  readonly format: string;
  readonly limits: MemoryLimits;
}

/** Batches that may be on their way, or wait for the store, at a time; each is some megabytes. */
export const BATCHES_AHEAD = 2;

/** What the worker says. After each `batch` it expects a message, of whatever content, once that batch has been used. */
export type WorkerMessage =
  | {
      readonly kind: 'batch';
      readonly batch: SpanBatch;
      readonly bytesRead: number;
      readonly issues: number;
    }
  | { readonly kind: 'report'; readonly report: DumpReport; readonly issues: number }
  | {
      /** A `UserError`, whose class a message does not keep. */
      readonly kind: 'error';
      readonly error: {
        readonly kind: FailureKind;
        readonly what: string;
        readonly where: readonly string[];
        readonly fix: string | null;
      };
    };
