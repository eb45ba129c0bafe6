import { type Finding, SEVERITIES, type Severity } from '../analysis/findings/finding.ts';
import type { Comparison, StructureChange } from './comparison.ts';
import type { CheckResult } from './run-checks.ts';
import type { OperationName } from './run-profile.ts';

/** What makes a pipeline fail. */
export type FailOn = 'check' | 'regression' | `finding:${Severity}`;

/** The words of `--fail-on`. */
export const FAIL_ON_WORDS = [
  'never',
  'check',
  'regression',
  ...SEVERITIES.map((severity) => `finding:${severity}` as const),
  'any',
] as const;
export type FailOnWord = (typeof FAIL_ON_WORDS)[number];

export interface Verdict {
  readonly status: 'pass' | 'fail' | 'insufficient-data';
  /** 0, 1 or 4, or what somebody wants in their place. */
  readonly exitCode: number;
  /** What failed, or could not be told: `check:<id>`, `regression:<service>: <name>`, `finding:<rule>: <service>`. */
  readonly reasons: readonly string[];
}

export interface Judged {
  readonly checks: readonly CheckResult[];
  /** Null without a baseline. */
  readonly comparison: Comparison | null;
  /** What counts for `--fail-on finding:…`: with a baseline those that it did not have. */
  readonly findings: readonly Finding[];
}

/** What the words of `--fail-on` stand for; checks and regressions where nothing is said. */
export function failOnOf(words: readonly FailOnWord[] | undefined): readonly FailOn[] {
  if (words === undefined) return ['check', 'regression'];
  if (words.includes('any')) return ['check', 'regression', 'finding:info'];
  return words.filter((word) => word !== 'never' && word !== 'any');
}

/** Whether the pipeline may go on. Lack of data fails it only where it has to be enough (`requireData`). */
export function verdictOf(
  judged: Judged,
  failOn: readonly FailOn[],
  requireData: boolean,
): Verdict {
  const reasons = failures(judged, failOn);
  if (reasons.length > 0) return { status: 'fail', exitCode: 1, reasons };
  const open = undecided(judged);
  if (open.length === 0) return { status: 'pass', exitCode: 0, reasons: [] };
  return { status: 'insufficient-data', exitCode: requireData ? 4 : 0, reasons: open };
}

function failures(judged: Judged, failOn: readonly FailOn[]): string[] {
  return [
    ...new Set([
      ...(failOn.includes('check') ? failedChecks(judged) : []),
      ...(failOn.includes('regression') ? regressionsIn(judged) : []),
      ...severeFindings(judged, failOn),
    ]),
  ];
}

function failedChecks({ checks }: Judged): string[] {
  return checks.filter(({ status }) => status === 'fail').map(checkReason);
}

/** Why a pipeline fails, in the words of `Verdict.reasons`. */
export function checkReason({ id }: Pick<CheckResult, 'id'>): string {
  return `check:${id}`;
}

export function regressionReason({ service, name }: OperationName): string {
  return `regression:${service}: ${name}`;
}

export function structureReason({ kind, request }: StructureChange): string {
  return `${kind}:${request.service}: ${request.name}`;
}

export function findingReason({ rule, service }: Pick<Finding, 'rule' | 'service'>): string {
  return `finding:${rule}: ${service}`;
}

function regressionsIn({ comparison }: Judged): string[] {
  if (comparison === null) return [];
  const { operations, structure } = comparison;
  return [
    ...operations.filter(({ status }) => status === 'regressed').map(regressionReason),
    ...structure.filter(({ status }) => status === 'regressed').map(structureReason),
  ];
}

function severeFindings({ findings }: Judged, failOn: readonly FailOn[]): string[] {
  const least = SEVERITIES.findIndex((severity) => failOn.includes(`finding:${severity}`));
  if (least === -1) return [];
  return findings
    .filter(({ severity }) => SEVERITIES.indexOf(severity) >= least)
    .map(findingReason);
}

function undecided({ checks, comparison }: Judged): string[] {
  const open = checks
    .filter(({ status }) => status === 'insufficient-data')
    .map(({ id }) => `check:${id}`);
  return comparison?.status === 'insufficient-data' ? [...open, 'comparison'] : open;
}
