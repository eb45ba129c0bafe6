import { UserError } from '../model/user-error.ts';
import { notInstalled, sqlite } from './sqlite.ts';

type Explanation = readonly [codes: RegExp, what: (path: string) => string, fix: string];

const OTHER_STORE = 'choose another file with --store PATH';

const EXPLANATIONS: readonly Explanation[] = [
  [/^SQLITE_NOTADB/, (path) => `${path} is not a tracecli store`, OTHER_STORE],
  [
    /^SQLITE_CORRUPT/,
    (path) => `the store ${path} is damaged`,
    'import the dumps again into a new file: tracecli import --store PATH <dump…>',
  ],
  [
    /^SQLITE_FULL/,
    (path) => `no space left for the store ${path}`,
    'free some space and run the same command again: what is stored is kept, and nothing is doubled',
  ],
  [
    /^SQLITE_BUSY/,
    (path) => `the store ${path} is in use by another process`,
    `wait until it has finished, or ${OTHER_STORE}`,
  ],
  [
    /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/,
    (path) => `cannot open the store ${path}`,
    `make the file and its folder writable, or ${OTHER_STORE}`,
  ],
  [
    /^SQLITE_IOERR/,
    (path) => `reading or writing the store ${path} failed`,
    `check the disk, the room on it and the limit of file sizes (ulimit -f), or ${OTHER_STORE}`,
  ],
];

/** What the disk, another process or a foreign file did to the store: no fault of a dump. */
export class StoreFailure extends UserError {}

/**
 * `error` as something that the user can mend, if it is: what the disk, another process or a foreign file did to the store at `path`.
 * Any other error comes back as it is: a bug.
 */
export function storeFailure(error: unknown, path: string): unknown {
  if (isForOtherNode(error)) return notInstalled(error);
  if (!(error instanceof sqlite.SqliteError)) return error;
  const explanation = EXPLANATIONS.find(([codes]) => codes.test(error.code));
  if (explanation === undefined) return error;
  const [, what, fix] = explanation;
  return new StoreFailure('input', what(path), {
    where: [`SQLite: ${error.message} (${error.code})`],
    fix,
    cause: error,
  });
}

/** Whether another process has locked what was to be changed. */
export function isBusy(error: unknown): boolean {
  return error instanceof sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** A native addon works with the Node that it was compiled for; switching versions is common. */
function isForOtherNode(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_DLOPEN_FAILED';
}
