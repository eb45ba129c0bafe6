import { UserError } from '../../model/user-error.ts';
import { noiseDocument, noiseReport } from '../../report/noise-report.ts';
import { noiseFloor } from '../../verdict/noise-floor.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { startRuns } from '../load-run.ts';
import { printResult } from '../print-result.ts';
import { verdictSettings } from '../verdict-settings.ts';
import { VERSION } from '../version.ts';
import { type CompareCommandOptions, today } from './compare.ts';

const ROWS = 10;

export interface NoiseOptions extends Omit<CompareCommandOptions, 'baseline' | 'current'> {
  readonly runs: readonly string[];
}

/** How far runs that should be equal lie apart: what comparisons cannot tell from nothing. */
export async function noise(io: Io, options: NoiseOptions): Promise<number> {
  if (options.runs.length < 2)
    throw new UserError('usage', '--aa takes two or more runs of the same build', {
      fix: 'tracecli compare --aa run-1.db run-2.db',
    });
  const format = options.format ?? 'table';
  if (format !== 'table' && format !== 'json')
    throw new UserError('usage', `--aa is printed as a table or JSON, not as ${format}`, {
      fix: 'leave --format out, or --json',
    });
  const { compare } = verdictSettings(options, today());
  const runs = await (await startRuns(io, options.runs, options, null))();
  const found = noiseFloor(
    runs.map(({ profile }) => profile),
    compare,
  );
  const isJson = options.json ?? format === 'json';
  printResult(
    io,
    { ...options, json: isJson },
    {
      document: () => noiseDocument(options.runs, found, VERSION),
      report: () => noiseReport(found, options.top ?? ROWS),
    },
  );
  return EXIT.done;
}
