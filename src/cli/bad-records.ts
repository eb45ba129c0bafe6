import { UserError } from '../model/user-error.ts';
import { type DumpFacts, issueText } from '../report/import-report.ts';

/**
 * Why the records of a dump are not good enough, null when they are. One without a usable record, though it holds some, never is; more
 * than `limitPercent` of them lost are not, either.
 */
export function badRecords(dump: DumpFacts, limitPercent = 100): UserError | null {
  const { name, records, dropped, issues } = dump;
  const losses = issues.filter(({ severity }) => severity === 'dropped');
  const percent = (dropped / records) * 100;
  if (records === 0 ? losses.length === 0 : percent <= limitPercent && dropped < records) {
    return null;
  }
  const what =
    records === 0
      ? `no span could be read from ${name}`
      : `${dropped} of ${records} records of ${name} were dropped`;
  return new UserError('input', what, {
    where: losses.map(issueText),
    fix: 'mend the dump there, or export it again',
  });
}
