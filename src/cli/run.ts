import { CommanderError } from 'commander';
import { UserError } from '../model/user-error.ts';
import { EXIT } from './exit-code.ts';
import type { Io } from './io.ts';
import { printError } from './print-error.ts';
import { createProgram } from './program.ts';

/** Runs one command line and gives its exit code. `argv` is without Node and the script. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(withNegatedTerms(argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    // commander has printed its message; it also "fails" to stop after --help and --version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const schema = argv.includes('--json') ? jsonSchemaName(argv) : null;
    return printError(io, await explained(error), schema);
  }
}

/** The error, or, if it is none that the user can mend, the damage of the store that it may come from. */
async function explained(error: unknown): Promise<unknown> {
  if (error instanceof UserError) return error;
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd') {
    return new UserError('input', 'the working directory is gone', {
      where: [error.message],
      fix: 'change to a folder that is there: cd ~',
      cause: error,
    });
  }
  if (error instanceof RangeError && error.message === 'Invalid string length') {
    return new UserError('input', 'the result is longer than a text can be', {
      where: ['the limit is 536,870,888 characters'],
      fix: 'ask for less: fewer traces, --limit, or without --all and --json',
      cause: error,
    });
  }
  // Loaded only now: what it needs of SQLite is what most commands need anyway, and --help does not.
  const { foundDamage } = await import('../store/found-damage.ts');
  return foundDamage(error) ?? error;
}

/** The `schema` field of the document that a command prints with `--json`. */
function jsonSchemaName(argv: readonly string[]): string {
  const [command = 'error', subcommand = 'info'] = argv.filter((word) => /^[a-z]+$/.test(word));
  return `tracecli.${command === 'store' ? `store-${subcommand}` : command}/1`;
}

/** Commands whose words are a query. */
const QUERYING: ReadonlySet<string> = new Set(['traces', 'analyze', 'query', 'export']);

/** Single letters that are options; several of them may stand behind one dash. */
const SHORT_OPTIONS = /^-[qvhV]+$/;

/** `-healthcheck` among the words of a query is a term that must not hold, not a row of options. */
function withNegatedTerms(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  const isQuery = argv.some((word) => QUERYING.has(word));
  return argv.map((word, index) => {
    const isTerm = /^-[^-\s\d].+/s.test(word) && !SHORT_OPTIONS.test(word);
    return isQuery && isTerm && (end < 0 || index < end) ? `--not=${word.slice(1)}` : word;
  });
}
