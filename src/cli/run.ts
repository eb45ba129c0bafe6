import { CommanderError } from 'commander';
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
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    // commander has printed its message; it also "fails" to stop after --help and --version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    return printError(io, error, argv.includes('--json') ? jsonSchemaName(argv) : null);
  }
}

/** The `schema` field of the document that a command prints with `--json`. */
function jsonSchemaName(argv: readonly string[]): string {
  const [command = 'error', subcommand = 'info'] = argv.filter((word) => /^[a-z]+$/.test(word));
  return `tracecli.${command === 'store' ? `store-${subcommand}` : command}/1`;
}
