import { Chalk } from 'chalk';
import { buildTrace } from '../../analysis/build-trace.ts';
import type { Trace } from '../../model/trace.ts';
import { diffCsv, diffDocument, diffMarkdown, diffText } from '../../report/diff-report.ts';
import { renderJson } from '../../report/render-json.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { readTrace } from '../../store/read-spans.ts';
import { resolveTraceId } from '../../store/resolve-trace-id.ts';
import { alignTraces } from '../../verdict/align-traces.ts';
import { EXIT } from '../exit-code.ts';
import { type Io, paintFor } from '../io.ts';
import { looksLikeQuery } from '../looks-like-query.ts';
import { checkOneFormat } from '../one-format.ts';
import { namesDump } from '../open-traces.ts';
import { layoutOf } from '../print-result.ts';
import { storePath } from '../store-path.ts';
import { VERSION } from '../version.ts';
import { type CompareCommandOptions, compare } from './compare.ts';

export interface DiffOptions
  extends Omit<CompareCommandOptions, 'format' | 'baseline' | 'current'> {
  readonly a: string;
  readonly b: string;
  readonly width?: number;
  readonly format?: 'table' | 'json' | 'markdown' | 'csv';
}

/** What differs between two traces of the store; of two runs what `compare` says, without failing. */
export async function diff(io: Io, options: DiffOptions): Promise<number> {
  checkOneFormat(options, 'table');
  if ([options.a, options.b].some((name) => namesDump(name) || looksLikeQuery(name))) {
    const runs = { baseline: [options.a], current: [options.b] };
    return compare(io, { ...options, ...runs, failOn: ['never'] });
  }
  const store = openStore(storePath(io, options.store), 'read');
  try {
    const aligned = alignTraces(traceOf(store, options.a), traceOf(store, options.b));
    const format = options.json ? 'json' : (options.format ?? 'table');
    const width = options.width ?? layoutOf(io, options).width;
    switch (format) {
      case 'json':
        io.stdout.write(renderJson(diffDocument(aligned, VERSION)));
        break;
      case 'csv':
        io.stdout.write(diffCsv(aligned));
        break;
      case 'markdown':
        io.stdout.write(diffMarkdown(aligned, { width, paint: new Chalk({ level: 0 }) }));
        break;
      case 'table':
        io.stdout.write(
          diffText(aligned, { width, paint: paintFor(io, io.stdout, options.color) }),
        );
    }
    return EXIT.done;
  } finally {
    store.close();
  }
}

function traceOf(store: Store, id: string): Trace {
  return buildTrace(readTrace(store, resolveTraceId(store, id)));
}
