import type { Finding, Severity } from '../analysis/findings/finding.ts';
import { fingerprint } from '../analysis/findings/fingerprint.ts';
import type { OperationChange, StructureChange } from '../verdict/comparison.ts';
import type { CheckResult } from '../verdict/run-checks.ts';
import {
  checkReason,
  findingReason,
  regressionReason,
  structureReason,
} from '../verdict/verdict.ts';
import {
  formatAmount,
  formatEffect,
  formatFigure,
  operationText,
  structureText,
} from './format-change.ts';
import type { VerdictFacts } from './verdict-facts.ts';

/** Something that a verdict has to say against a run, for tools that list problems. Texts are as in the dump: whoever prints them cleans them. */
export interface Problem {
  /** `failed-check`, `regression`, `structure`, or a rule of findings. */
  readonly rule: string;
  /** `error` is what fails the pipeline. */
  readonly level: 'error' | 'warning' | 'note';
  readonly title: string;
  readonly lines: readonly string[];
  readonly service: string;
  /** Empty where it is about a whole service. */
  readonly operation: string;
  /** Equal for the same problem in other runs: 32 hex digits. */
  readonly fingerprint: string;
  readonly severity: Severity;
  readonly place: { readonly file: string; readonly line: number };
}

/** Checks that are not kept, regressions, changes of structure, findings. */
export function verdictProblems(facts: VerdictFacts): Problem[] {
  const { checks, comparison, findings, verdict, files } = facts;
  const reasons = new Set(verdict.reasons);
  const data = { file: files.data, line: 1 };
  const regressed = ({ status }: { readonly status: string }) => status === 'regressed';
  return [
    ...checks
      .filter(({ status }) => status === 'fail' || status === 'warn' || status === 'info')
      .map((check) => checkProblem(check, reasons, files)),
    ...(comparison?.operations ?? [])
      .filter(regressed)
      .map((change) => ({ ...operationProblem(change, reasons), place: data })),
    ...(comparison?.structure ?? [])
      .filter(regressed)
      .map((change) => ({ ...structureProblem(change, reasons), place: data })),
    ...(findings ?? []).map((finding) => ({ ...findingProblem(finding, reasons), place: data })),
  ];
}

type Unplaced = Omit<Problem, 'place'>;

function checkProblem(
  check: CheckResult,
  reasons: ReadonlySet<string>,
  { data, config }: VerdictFacts['files'],
): Problem {
  const { id, expr, status, line, reason, actual, expected, unit, n } = check;
  const limit = expected === null ? '' : `, limit ${formatAmount(expected, unit)}`;
  const level = status === 'info' ? 'note' : 'warning';
  return {
    rule: 'failed-check',
    level: reasons.has(checkReason(check)) ? 'error' : level,
    title: `check ${id}`,
    lines: [`${reason ?? ''}: ${formatAmount(actual, unit)}${limit} (n=${n})`, expr],
    service: 'checks',
    operation: id,
    fingerprint: fingerprint(`check|${id}`),
    severity: status === 'fail' ? 'high' : status === 'warn' ? 'medium' : 'info',
    place: config !== null && line !== null ? { file: config, line } : { file: data, line: 1 },
  };
}

function operationProblem(operation: OperationChange, reasons: ReadonlySet<string>): Unplaced {
  const { service, name, kind, changes } = operation;
  return {
    rule: 'regression',
    level: reasons.has(regressionReason(operation)) ? 'error' : 'warning',
    title: `slower or failing: ${operationText(operation)}`,
    lines: changes
      .filter((change) => change.status === 'regressed')
      .map(
        (change) =>
          `${change.metric} ${formatFigure(change, change.base)} → ${formatFigure(change, change.current)} (${formatEffect(change.effect)})`,
      ),
    service,
    operation: name,
    fingerprint: fingerprint(`regression|${service}|${name}|${kind ?? 'request'}`),
    severity: 'high',
  };
}

function structureProblem(change: StructureChange, reasons: ReadonlySet<string>): Unplaced {
  return {
    rule: 'structure',
    level: reasons.has(structureReason(change)) ? 'error' : 'warning',
    title: `${change.kind}: ${operationText(change.request)}`,
    lines: [structureText(change)],
    service: change.request.service,
    operation: change.request.name,
    fingerprint: change.fingerprint,
    severity: 'high',
  };
}

function findingProblem(finding: Finding, reasons: ReadonlySet<string>): Unplaced {
  const { rule, severity, service, operation, title, advice } = finding;
  const isMinor = severity === 'low' || severity === 'info';
  const level = isMinor ? 'note' : 'warning';
  return {
    rule,
    level: reasons.has(findingReason(finding)) ? 'error' : level,
    title: `${rule}: ${placeText(finding)}`,
    lines: [title, advice],
    service,
    operation,
    fingerprint: finding.fingerprint,
    severity,
  };
}

/** A finding is about an operation, or about a service as a whole. */
export function placeText({ service, operation }: Pick<Finding, 'service' | 'operation'>): string {
  return operation === '' ? service : operationText({ service, name: operation });
}
