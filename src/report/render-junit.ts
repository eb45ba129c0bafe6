import type { Finding } from '../analysis/findings/finding.ts';
import type { Comparison } from '../verdict/comparison.ts';
import type { SpanEvidence } from '../verdict/evidence.ts';
import type { CheckResult } from '../verdict/run-checks.ts';
import {
  checkReason,
  findingReason,
  regressionReason,
  structureReason,
} from '../verdict/verdict.ts';
import { cleanLines } from './clean-text.ts';
import {
  formatAmount,
  formatEffect,
  formatFigure,
  formatP,
  operationText,
  structureText,
} from './format-change.ts';
import type { VerdictFacts } from './verdict-facts.ts';
import { placeText } from './verdict-problems.ts';

interface TestCase {
  readonly name: string;
  readonly className: string;
  readonly outcome: 'pass' | 'fail' | 'skip';
  readonly message: string;
  readonly details: string;
}

/** A verdict as JUnit XML: a suite each of checks, of compared operations and structure, and of findings. No times: nothing was run. */
export function verdictJunit({ checks, comparison, findings, verdict }: VerdictFacts): string {
  const failing = new Set(verdict.reasons);
  const suites: [string, TestCase[]][] = [];
  if (checks.length > 0) suites.push(['checks', checks.map((check) => checkCase(check, failing))]);
  if (comparison !== null) suites.push(['regressions', comparisonCases(comparison, failing)]);
  if (findings !== null && findings.length > 0)
    suites.push(['findings', findings.map((finding) => findingCase(finding, failing))]);
  const all = suites.flatMap(([, cases]) => cases);
  const body = suites.map(([name, cases]) => {
    const lines = cases.map(caseXml).join('');
    return `  <testsuite name="${name}" ${counts(cases)}>\n${lines}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="tracecli" ${counts(all)}>\n${body.join('')}</testsuites>\n`;
}

function counts(cases: readonly TestCase[]): string {
  const of = (outcome: TestCase['outcome']) =>
    cases.filter((testCase) => testCase.outcome === outcome).length;
  return `tests="${cases.length}" failures="${of('fail')}" errors="0" skipped="${of('skip')}" time="0"`;
}

function caseXml({ name, className, outcome, message, details }: TestCase): string {
  const head = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(className)}" time="0"`;
  if (outcome === 'pass') return `${head}/>\n`;
  const text = `message="${escapeXml(message)}"`;
  const body =
    outcome === 'skip'
      ? `<skipped ${text}/>`
      : `<failure type="threshold" ${text}>${escapeXml(details)}</failure>`;
  return `${head}>\n      ${body}\n    </testcase>\n`;
}

function checkCase(check: CheckResult, failing: ReadonlySet<string>): TestCase {
  const { id, expr, status, reason, actual, expected, unit, n, owner, why, evidence } = check;
  const limit = expected === null ? '' : `, limit ${formatAmount(expected, unit)}`;
  const details = [expr, why, owner && `owner: ${owner}`, ...evidence.map(evidenceText)];
  return {
    name: id,
    className: 'tracecli.check',
    outcome: isOpen(status) ? 'skip' : outcomeOf(status === 'fail', failing, checkReason(check)),
    message: `${reason ?? ''}: ${formatAmount(actual, unit)}${limit} (n=${n})`,
    details: details.filter((line) => line !== null && line !== '').join('\n'),
  };
}

/** What is wrong and fails nothing is skipped: a report says the same as the exit code. */
function outcomeOf(
  isWrong: boolean,
  failing: ReadonlySet<string>,
  reason: string,
): TestCase['outcome'] {
  if (!isWrong) return 'pass';
  return failing.has(reason) ? 'fail' : 'skip';
}

function isOpen(status: CheckResult['status']): boolean {
  return status === 'skipped' || status === 'suppressed' || status === 'insufficient-data';
}

function evidenceText({ traceId, spanId }: SpanEvidence): string {
  return `trace ${traceId} span ${spanId}`;
}

function comparisonCases(
  { operations, structure }: Comparison,
  failing: ReadonlySet<string>,
): TestCase[] {
  return [
    ...operations.map((operation): TestCase => {
      const { status, changes, needsTraces, exemplar } = operation;
      const told = changes.filter((change) => change.status === 'regressed');
      const message = told.map(
        (change) =>
          `${change.metric} ${formatFigure(change, change.base)} → ${formatFigure(change, change.current)} (${formatEffect(change.effect)}, p ${formatP(change.adjustedP)})`,
      );
      return {
        name: operationText(operation),
        className: `tracecli.regression.${operation.kind ?? 'request'}`,
        outcome:
          status === 'insufficient-data'
            ? 'skip'
            : outcomeOf(status === 'regressed', failing, regressionReason(operation)),
        message:
          status === 'insufficient-data'
            ? `needs ${needsTraces ?? 'more'} traces a side`
            : message.join('; '),
        details: exemplar === null ? '' : evidenceText(exemplar),
      };
    }),
    ...structure.map(
      (change): TestCase => ({
        name: `${change.kind}: ${structureText(change)}`,
        className: 'tracecli.structure',
        outcome: outcomeOf(change.status === 'regressed', failing, structureReason(change)),
        message: `${operationText(change.request)}: ${structureText(change)}, p ${formatP(change.adjustedP)}`,
        details: `fingerprint ${change.fingerprint}`,
      }),
    ),
  ];
}

function findingCase(finding: Finding, failing: ReadonlySet<string>): TestCase {
  const { rule, service, title, advice, fingerprint, severity, exemplars } = finding;
  const traces = exemplars.map(({ traceId }) => `trace ${traceId}`);
  return {
    name: `${rule}: ${title} [${fingerprint.slice(0, 12)}]`,
    className: `tracecli.finding.${service}`,
    outcome: failing.has(findingReason(finding)) ? 'fail' : 'pass',
    message: `${severity}: ${placeText(finding)}: ${title}`,
    details: [advice, ...traces].join('\n'),
  };
}

/** Cleaned: the text is read on a terminal, and XML 1.0 has no way to say most control characters, nor U+FFFE and U+FFFF. */
function escapeXml(text: string): string {
  return cleanLines(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\n/g, '&#10;');
}
