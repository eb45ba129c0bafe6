import type { Severity } from '../analysis/findings/finding.ts';
import { cleanText } from './clean-text.ts';
import { renderJson } from './render-json.ts';
import type { VerdictFacts } from './verdict-facts.ts';
import { type Problem, verdictProblems } from './verdict-problems.ts';

/** https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format: `blocker` is what fails the pipeline. */
const SEVERITIES: Readonly<Record<Severity, string>> = {
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};

/** A verdict as GitLab's code quality report: a list of problems, each with a fingerprint of its own. */
export function gitlabCodeQuality(facts: VerdictFacts): string {
  return renderJson(verdictProblems(facts).map(entryOf));
}

function entryOf({ rule, level, title, lines, fingerprint, severity, place }: Problem) {
  return {
    description: cleanText(`${title}: ${lines.join('; ')}`),
    check_name: rule,
    fingerprint,
    severity: level === 'error' ? 'blocker' : SEVERITIES[severity],
    location: { path: place.file.replace(/^\.\//, ''), lines: { begin: place.line } },
  };
}
