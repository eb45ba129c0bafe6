import { closeSync, openSync, writeSync } from 'node:fs';
import { UserError } from '../../model/user-error.ts';
import { cleanText } from '../../report/clean-text.ts';
import { formatCount } from '../../report/format-count.ts';
import { otlpJsonLine } from '../../report/otlp-json-lines.ts';
import { openStore } from '../../store/open-store.ts';
import { scanTraces } from '../../store/read-spans.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { printExplanation } from '../print-explanation.ts';
import { findSelected, queryWords, type SelectionOptions } from '../selection.ts';
import { storePath } from '../store-path.ts';
import { readQuery } from '../typed-query.ts';

export interface ExportOptions extends SelectionOptions {
  /** The file to write; by default the standard output. */
  readonly out?: string;
}

/** Writes the traces that are chosen as OTLP JSON, oldest first, a whole trace a line. Never holds more than a few. */
export async function exportTraces(io: Io, options: ExportOptions): Promise<number> {
  readQuery(queryWords(options));
  const store = openStore(storePath(io, options.store), 'read');
  try {
    const { filter, explanation } = findSelected(store, options);
    if (options.explain) {
      printExplanation(io, options, explanation);
      return EXIT.done;
    }
    const target = options.out === undefined ? standardOutput(io) : fileAt(options.out);
    let traces = 0;
    let spans = 0;
    try {
      for (const trace of scanTraces(store, filter)) {
        await target.write(otlpJsonLine(trace));
        traces += 1;
        spans += trace.length;
      }
    } finally {
      target.close();
    }
    if (!options.quiet) {
      const where = options.out === undefined ? '' : ` to ${cleanText(options.out)}`;
      io.stderr.write(
        `wrote ${formatCount(spans, 'span')} of ${formatCount(traces, 'trace')}${where}\n`,
      );
    }
    return EXIT.done;
  } finally {
    store.close();
  }
}

/** Where lines go. */
interface Target {
  write(line: string): Promise<void>;
  close(): void;
}

/** Waits for whoever reads a pipe, so that lines do not pile up in memory. */
function standardOutput({ stdout }: Io): Target {
  return {
    write: async (line) => {
      stdout.write(line);
      await stdout.drained?.();
    },
    close: () => undefined,
  };
}

function fileAt(path: string): Target {
  try {
    const file = openSync(path, 'w', 0o600);
    return {
      write: async (line) => {
        // A large write may be done in parts.
        const bytes = Buffer.from(line);
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      },
      close: () => closeSync(file),
    };
  } catch (error) {
    throw new UserError('input', `cannot write ${path}`, {
      where: [error instanceof Error ? error.message : String(error)],
      cause: error,
    });
  }
}
