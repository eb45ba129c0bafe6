import { cleanText } from './clean-text.ts';
import type { VerdictFacts } from './verdict-facts.ts';
import { type Problem, verdictProblems } from './verdict-problems.ts';

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  /** Only what stands in a file of the repository is pinned to it. */
  readonly place: Problem['place'] | null;
}

/** GitHub shows so many annotations of a level and step. */
const MAX_PER_LEVEL = 10;

/** A verdict as workflow commands of GitHub Actions, which become annotations of the run. */
export function githubAnnotations(facts: VerdictFacts): string {
  const annotations = verdictProblems(facts).map(
    ({ level, title, lines, place }): Annotation => ({
      level: level === 'note' ? 'notice' : level,
      title,
      message: lines.join('\n'),
      place: place.file === facts.files.config ? place : null,
    }),
  );
  return (['error', 'warning', 'notice'] as const)
    .flatMap((level) =>
      shownOf(
        level,
        annotations.filter((annotation) => annotation.level === level),
      ),
    )
    .map(
      ({ level, title, message, place }) =>
        `::${level} ${placeProperties(place)}title=${escapeProperty(title)}::${escapeMessage(message)}\n`,
    )
    .join('');
}

function placeProperties(place: Annotation['place']): string {
  return place === null ? '' : `file=${escapeProperty(place.file)},line=${place.line},`;
}

function shownOf(level: Annotation['level'], all: readonly Annotation[]): readonly Annotation[] {
  if (all.length <= MAX_PER_LEVEL) return all;
  const left = all.length - MAX_PER_LEVEL + 1;
  const message = `${left} more in the step's summary`;
  const more = { level, title: 'tracecli', message, place: null };
  return [...all.slice(0, MAX_PER_LEVEL - 1), more];
}

/** https://docs.github.com/actions/reference/workflow-commands: %, CR and LF everywhere, : and , in properties too. Names are cleaned before. */
function escapeMessage(text: string): string {
  return text
    .split('\n')
    .map((line) => cleanText(line).replace(/%/g, '%25'))
    .join('%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
