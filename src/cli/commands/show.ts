import { buildTrace } from '../../analysis/build-trace.ts';
import { criticalPath } from '../../analysis/critical-path.ts';
import { withoutSuppressed } from '../../analysis/findings/suppressed-findings.ts';
import { selfTimes } from '../../analysis/self-time.ts';
import { spanRanks } from '../../analysis/span-ranks.ts';
import { traceErrors } from '../../analysis/trace-errors.ts';
import { renderJson } from '../../report/render-json.ts';
import { traceDocument } from '../../report/trace-document.ts';
import { traceText } from '../../report/trace-report.ts';
import { openStore } from '../../store/open-store.ts';
import { operationDurations } from '../../store/operation-durations.ts';
import { readTrace } from '../../store/read-spans.ts';
import { resolveTraceId } from '../../store/resolve-trace-id.ts';
import { chosenFindings, detectorOf } from '../chosen-findings.ts';
import { EXIT } from '../exit-code.ts';
import type { FindingOptions } from '../finding-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import { type Io, paintFor } from '../io.ts';
import { layoutOf } from '../print-result.ts';
import { storePath } from '../store-path.ts';
import { VERSION } from '../version.ts';

export interface ShowOptions extends GlobalOptions, FindingOptions {
  readonly traceId: string;
  readonly width?: number;
  readonly depth?: number;
  readonly criticalPathOnly?: boolean;
  readonly limit: number;
  /** Every span, however many there are. */
  readonly all?: boolean;
  readonly inferErrors?: boolean;
  readonly json?: boolean;
}

/** Draws one trace, or prints everything known of it as JSON. */
export function show(io: Io, options: ShowOptions): number {
  const chosen = chosenFindings(options);
  const store = openStore(storePath(io, options.store), 'read');
  try {
    const trace = buildTrace(readTrace(store, resolveTraceId(store, options.traceId)));
    const path = criticalPath(trace);
    const errors = traceErrors(trace, { inferErrors: options.inferErrors ?? false, path });
    const detector = detectorOf(store, chosen);
    detector.add(trace, path, errors);
    const facts = {
      trace,
      path,
      errors,
      selfNs: selfTimes(trace),
      ranks: spanRanks(trace, operationDurations(store)),
      findings: withoutSuppressed(detector.result(), chosen.suppressed),
    };
    if (options.json) {
      io.stdout.write(renderJson(traceDocument(facts, VERSION)));
      return EXIT.done;
    }
    const layout = layoutOf(io, options);
    const text = traceText(facts, {
      ...layout,
      paint: paintFor(io, io.stdout, options.color),
      depth: options.depth ?? Number.POSITIVE_INFINITY,
      criticalPathOnly: options.criticalPathOnly ?? false,
      limit: options.all ? Number.POSITIVE_INFINITY : options.limit,
      folds: !options.all,
    });
    io.stdout.write(text);
    return EXIT.done;
  } finally {
    store.close();
  }
}
