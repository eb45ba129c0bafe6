import { RULES } from '../analysis/findings/rules.ts';
import { cleanText } from './clean-text.ts';
import type { JsonDocument } from './render-json.ts';
import { renderJson } from './render-json.ts';
import type { VerdictFacts } from './verdict-facts.ts';
import { type Problem, placeText, verdictProblems } from './verdict-problems.ts';

const ADVICE: ReadonlyMap<string, string> = new Map(
  RULES.flatMap(({ advice }) => Object.entries(advice)),
);

/** Rules that are not about findings. */
const OWN_RULES: Readonly<Record<string, string>> = {
  'failed-check': 'A check of the configuration does not hold.',
  regression: 'An operation is slower or fails more often than in the baseline.',
  structure: 'Traces are made otherwise than in the baseline.',
};

/**
 * A verdict as SARIF 2.1.0 for code scanning: failed checks, regressions and findings. Results are located in the
 * configuration or the dump, because GitHub shows none without a file, and at service and operation as logical locations.
 */
export function verdictSarif(facts: VerdictFacts, version: string): string {
  const problems = verdictProblems(facts);
  const rules = [...new Set(problems.map(({ rule }) => rule))].sort();
  return renderJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tracecli',
            version,
            rules: rules.map((id) => ({
              id,
              shortDescription: { text: ADVICE.get(id) ?? OWN_RULES[id] ?? id },
            })),
          },
        },
        results: problems.map((problem) => sarifResult(problem, rules.indexOf(problem.rule))),
      },
    ],
  });
}

function sarifResult(problem: Problem, ruleIndex: number): JsonDocument {
  const { rule, level, title, lines, service, operation, place } = problem;
  const name = operation === '' ? service : operation;
  return {
    ruleId: rule,
    ruleIndex,
    level,
    message: { text: cleanText(`${title}: ${lines.join('; ')}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.file) },
          region: { startLine: place.line },
        },
        logicalLocations: [
          {
            name: cleanText(name),
            fullyQualifiedName: cleanText(placeText({ service, operation })),
            kind: 'function',
          },
        ],
      },
    ],
    partialFingerprints: { 'tracecli/v1': problem.fingerprint },
  };
}

/** A path as a relative reference. Half a character has no code in one. */
function uriOf(path: string): string {
  const text = path.replace(/\\/g, '/').replace(/\p{Cs}/gu, '\ufffd');
  return encodeURI(text).replace(/[?#]/g, encodeURIComponent);
}
