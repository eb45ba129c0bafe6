import { UserError } from '../model/user-error.ts';
import { cleanLines, cleanText } from '../report/clean-text.ts';
import type { DumpFacts } from '../report/import-report.ts';
import { renderJson } from '../report/render-json.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import type { Io } from './io.ts';

/**
 * Prints what made a command fail and returns the exit code. With `--json` (`schema` is the document's name) the standard output gets
 * one JSON document all the same. Anything but a UserError is a bug and shows its stack.
 */
export function printError(io: Io, error: unknown, schema: string | null): number {
  if (!(error instanceof UserError)) {
    io.stderr.write(
      `error: a bug in tracecli; please report it with this text\n${stackOf(error)}\n`,
    );
    return EXIT.bug;
  }
  if (schema !== null) {
    const { what, where, fix } = error;
    io.stdout.write(renderJson({ schema, error: { what, where, fix } }));
  }
  io.stderr.write(failureText(error));
  return exitCodeOf(error.kind);
}

/** As it is printed: what, where, what to do. */
export function failureText({
  what,
  where,
  fix,
}: Pick<UserError, 'what' | 'where' | 'fix'>): string {
  const lines = [`error: ${cleanText(what)}`];
  for (const line of where) lines.push(`  ${cleanText(line)}`);
  if (fix !== null) lines.push(`try: ${cleanText(fix)}`);
  return `${lines.join('\n')}\n`;
}

function stackOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return cleanLines(text);
}

/**
 * Prints why dumps could not be imported, one after the other: in full for those that the user named, in a line for what lay in a folder.
 */
export function printDumpErrors(
  io: Io,
  dumps: readonly DumpFacts[],
  { named, verbose }: { readonly named: readonly string[]; readonly verbose: boolean },
): void {
  for (const { name, error } of dumps) {
    if (error === null) continue;
    const isWhole = verbose || named.includes(name);
    io.stderr.write(isWhole ? failureText(error) : `skipped: ${cleanText(error.what)}\n`);
  }
}
