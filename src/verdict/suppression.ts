import type { Finding } from '../analysis/findings/finding.ts';
import type { CheckResult } from './run-checks.ts';

/** Something that is known and does not fail anything until a day. */
export interface Suppression {
  /** The id of a check. */
  readonly check: string | null;
  /** Of a finding. */
  readonly fingerprint: string | null;
  /** Findings of a rule, all or those of one service. */
  readonly rule: string | null;
  readonly service: string | null;
  /** The last day on which it holds, `2027-01-31`. */
  readonly until: string;
  readonly why: string;
}

/** The suppressions that hold on `today` (`2027-01-31`), and those that have expired. */
export function splitByDay(
  suppressions: readonly Suppression[],
  today: string,
): { readonly active: readonly Suppression[]; readonly expired: readonly Suppression[] } {
  return {
    active: suppressions.filter(({ until }) => until >= today),
    expired: suppressions.filter(({ until }) => until < today),
  };
}

/** Results of which those that are suppressed by name fail nothing. */
export function withSuppressions(
  results: readonly CheckResult[],
  active: readonly Suppression[],
): CheckResult[] {
  return results.map((result) => {
    const suppression = active.find(({ check }) => check === result.id);
    if (suppression === undefined || (result.status !== 'fail' && result.status !== 'warn'))
      return result;
    const { until, why } = suppression;
    return { ...result, status: 'suppressed', reason: `${why} (until ${until})` };
  });
}

/** Whether somebody said that a finding is known. */
export function isSuppressed(finding: Finding, active: readonly Suppression[]): boolean {
  return active.some(
    ({ fingerprint, rule, service }) =>
      (fingerprint !== null && fingerprint === finding.fingerprint) ||
      (rule !== null && rule === finding.rule && (service === null || service === finding.service)),
  );
}
