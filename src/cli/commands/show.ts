import { buildTrace } from '../../analysis/build-trace.ts';
import { criticalPath } from '../../analysis/critical-path.ts';
import { selfTimes } from '../../analysis/self-time.ts';
import { traceErrors } from '../../analysis/trace-errors.ts';
import { renderJson } from '../../report/render-json.ts';
import { traceDocument } from '../../report/trace-document.ts';
import { traceText } from '../../report/trace-report.ts';
import { openStore } from '../../store/open-store.ts';
import { readTrace } from '../../store/read-spans.ts';
import { resolveTraceId } from '../../store/resolve-trace-id.ts';
import { EXIT } from '../exit-code.ts';
import type { GlobalOptions } from '../global-options.ts';
import { type Io, paintFor } from '../io.ts';
import { layoutOf } from '../print-result.ts';
import { storePath } from '../store-path.ts';
import { VERSION } from '../version.ts';

export interface ShowOptions extends GlobalOptions {
  readonly traceId: string;
  readonly width?: number;
  readonly depth?: number;
  readonly criticalPathOnly?: boolean;
  readonly inferErrors?: boolean;
  readonly json?: boolean;
}

/** Draws one trace, or prints everything known of it as JSON. */
export function show(io: Io, options: ShowOptions): number {
  const store = openStore(storePath(io, options.store), 'read');
  try {
    const trace = buildTrace(readTrace(store, resolveTraceId(store, options.traceId)));
    const path = criticalPath(trace);
    const errors = traceErrors(trace, { inferErrors: options.inferErrors ?? false, path });
    const facts = { trace, path, errors, selfNs: selfTimes(trace) };
    if (options.json) {
      io.stdout.write(renderJson(traceDocument(facts, VERSION)));
      return EXIT.done;
    }
    const layout = layoutOf(io, options);
    const text = traceText(facts, {
      width: options.width ?? layout.width,
      zone: layout.zone,
      paint: paintFor(io, io.stdout, options.color),
      depth: options.depth ?? Number.POSITIVE_INFINITY,
      criticalPathOnly: options.criticalPathOnly ?? false,
    });
    io.stdout.write(text);
    return EXIT.done;
  } finally {
    store.close();
  }
}
