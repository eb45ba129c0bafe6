import type { TimeZone } from '../report/format-time.ts';
import { type JsonDocument, renderJson } from '../report/render-json.ts';
import { renderText } from '../report/render-table.ts';
import type { Report } from '../report/report.ts';
import { type GlobalOptions, zoneOf } from './global-options.ts';
import { type Io, paintFor } from './io.ts';

/** What a report needs to know of the place it is printed at. */
export interface Layout {
  /** Cells per line. */
  readonly width: number;
  /** Whether lines of text are broken to fit: in a pipe a record stays in its line. */
  readonly wraps: boolean;
  readonly zone: TimeZone;
}

/** What a user may say about it. */
interface TextOptions extends GlobalOptions {
  readonly width?: number;
}

/** A result in both of its forms; only the one that is asked for is made. */
export interface Result {
  readonly document: () => JsonDocument;
  readonly report: (layout: Layout) => Report;
}

/** Where the output is no terminal, lines are this wide. */
const DEFAULT_WIDTH = 120;

/** Prints a result on standard output: JSON if asked for, else text. */
export function printResult(
  io: Io,
  options: TextOptions & { readonly json?: boolean },
  result: Result,
): void {
  if (options.json) {
    io.stdout.write(renderJson(result.document()));
    return;
  }
  const layout = layoutOf(io, options);
  const paint = paintFor(io, io.stdout, options.color);
  io.stdout.write(renderText(result.report(layout), { ...layout, paint }));
}

/** The layout of standard output. */
export function layoutOf({ stdout }: Io, options: TextOptions): Layout {
  const { width } = options;
  return {
    width: width ?? stdout.columns ?? DEFAULT_WIDTH,
    wraps: width !== undefined || stdout.isTty,
    zone: zoneOf(options),
  };
}
