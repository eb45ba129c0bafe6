import { UserError } from '../model/user-error.ts';
import { foreignDump } from './foreign-dump.ts';
import { FORMATS } from './formats.ts';
import type { DumpHead, TraceFormat } from './trace-format.ts';

/**
 * The format of a dump that begins with `head`, told by its content alone. Throws a UserError that says what `name` is instead, where
 * that is known, or why it is none of the formats.
 */
export function detectFormat(head: DumpHead, name: string): TraceFormat {
  const format = FORMATS.find(({ whyNot }) => whyNot(head) === null);
  if (format !== undefined) return format;
  const foreign = foreignDump(head);
  if (foreign !== null) {
    throw new UserError('input', `${name} is ${foreign.what}, not a trace dump`, {
      fix: foreign.fix(name),
    });
  }
  const width = Math.max(...FORMATS.map((each) => each.name.length));
  throw new UserError('input', `${name} is not a trace dump I know`, {
    where: FORMATS.map((each) => `${each.name.padEnd(width)}  ${each.whyNot(head) ?? ''}`),
    fix: `tracecli import --format <name> ${name}`,
  });
}

/** The format that `--format` names. Throws a UserError with all names when there is none. */
export function formatNamed(name: string): TraceFormat {
  const format = FORMATS.find((each) => each.name === name);
  if (format !== undefined) return format;
  throw new UserError('usage', `unknown format: ${name}`, {
    fix: `formats are auto, ${FORMATS.map((each) => each.name).join(', ')}`,
  });
}
