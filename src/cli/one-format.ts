import { UserError } from '../model/user-error.ts';

/** Throws a usage error where `--json` and `--format` ask for two different outputs. */
export function checkOneFormat(
  { json, format }: { readonly json?: boolean; readonly format?: string },
  byDefault: string,
): void {
  if (!json || format === undefined || format === byDefault || format === 'json') return;
  throw new UserError('usage', `--format ${format} and --json ask for two different outputs`, {
    fix: 'leave one of them out, or write the other one with --out',
  });
}
