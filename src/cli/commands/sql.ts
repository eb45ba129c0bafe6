import { spawn } from 'node:child_process';
import { UserError } from '../../model/user-error.ts';
import { sqlDocument, sqlReport } from '../../report/sql-report.ts';
import { openStore } from '../../store/open-store.ts';
import { querySql } from '../../store/query-sql.ts';
import { EXIT } from '../exit-code.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Io } from '../io.ts';
import { parseDuration } from '../parse-duration.ts';
import { printResult } from '../print-result.ts';
import { storePath } from '../store-path.ts';
import { VERSION } from '../version.ts';

export interface SqlOptions extends GlobalOptions {
  readonly sql: string;
  readonly limit: number;
  /** How long the statement may take; `0` is for ever. */
  readonly timeout: string;
  readonly json?: boolean;
}

/** Prints what a SELECT gives. */
export async function sqlCommand(io: Io, options: SqlOptions): Promise<number> {
  const timeoutNs = parseDuration(options.timeout, '--timeout');
  if (timeoutNs > 0) return await inTime(timeoutNs / 1e6, options.timeout);
  const store = openStore(storePath(io, options.store), 'read');
  try {
    const answer = querySql(store, options.sql, options.limit);
    printResult(io, options, {
      document: () => sqlDocument(answer, VERSION),
      report: (layout) => sqlReport(answer, layout),
    });
    return EXIT.done;
  } finally {
    store.close();
  }
}

/**
 * Runs this command line without its limit in a process of its own: SQLite cannot be interrupted from within, a process can.
 * The last `--timeout` counts.
 */
async function inTime(milliseconds: number, timeout: string): Promise<number> {
  const args = [...process.execArgv, ...process.argv.slice(1), '--timeout', '0'];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  let isLate = false;
  // What ends this process ends the statement, too.
  const stop = (signal: NodeJS.Signals) => {
    child.kill('SIGKILL');
    process.exit(signal === 'SIGHUP' ? 129 : EXIT.terminated);
  };
  process.once('SIGTERM', stop).once('SIGHUP', stop);
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, milliseconds);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  clearTimeout(timer);
  if (isLate) {
    throw new UserError('input', `the statement took longer than ${timeout}`, {
      fix: 'ask for less, or give it more time with --timeout 10m (0 is for ever)',
    });
  }
  return code ?? EXIT.interrupted;
}
