import { cleanText } from './clean-text.ts';
import {
  formatAmount,
  formatEffect,
  formatFigure,
  operationText,
  structureText,
} from './format-change.ts';
import type { VerdictFacts } from './verdict-facts.ts';

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

/** GitHub shows so many annotations of a level and step. */
const MAX_PER_LEVEL = 10;

/** A verdict as workflow commands of GitHub Actions, which become annotations of the run. */
export function githubAnnotations(facts: VerdictFacts): string {
  const annotations = [
    ...checkAnnotations(facts),
    ...comparisonAnnotations(facts),
    ...findingAnnotations(facts),
  ];
  return (['error', 'warning', 'notice'] as const)
    .flatMap((level) =>
      shownOf(
        level,
        annotations.filter((annotation) => annotation.level === level),
      ),
    )
    .map(
      ({ level, title, message }) =>
        `::${level} title=${escapeProperty(title)}::${escapeMessage(message)}\n`,
    )
    .join('');
}

function shownOf(level: Annotation['level'], all: readonly Annotation[]): readonly Annotation[] {
  if (all.length <= MAX_PER_LEVEL) return all;
  const left = all.length - MAX_PER_LEVEL + 1;
  const more = { level, title: 'tracecli', message: `${left} more in the step's summary` };
  return [...all.slice(0, MAX_PER_LEVEL - 1), more];
}

function checkAnnotations({ checks }: VerdictFacts): Annotation[] {
  return checks
    .filter(({ status }) => status === 'fail' || status === 'warn' || status === 'info')
    .map(({ id, expr, status, reason, actual, expected, unit, n }) => {
      const limit = expected === null ? '' : `, limit ${formatAmount(expected, unit)}`;
      const level = status === 'fail' ? 'error' : status === 'warn' ? 'warning' : 'notice';
      return {
        level,
        title: `check ${id}`,
        message: `${reason ?? ''}: ${formatAmount(actual, unit)}${limit} (n=${n})\n${expr}`,
      };
    });
}

function comparisonAnnotations({ comparison }: VerdictFacts): Annotation[] {
  if (comparison === null) return [];
  const { operations, structure } = comparison;
  return [
    ...operations
      .filter(({ status }) => status === 'regressed')
      .map((operation): Annotation => {
        const lines = operation.changes
          .filter((change) => change.status === 'regressed')
          .map(
            (change) =>
              `${change.metric} ${formatFigure(change, change.base)} → ${formatFigure(change, change.current)} (${formatEffect(change.effect)})`,
          );
        return {
          level: 'error',
          title: `slower or failing: ${operationText(operation)}`,
          message: lines.join('\n'),
        };
      }),
    ...structure
      .filter(({ status }) => status === 'regressed')
      .map(
        (change): Annotation => ({
          level: 'error',
          title: `${change.kind}: ${operationText(change.request)}`,
          message: structureText(change),
        }),
      ),
  ];
}

function findingAnnotations({ findings }: VerdictFacts): Annotation[] {
  return (findings ?? []).map(({ severity, rule, service, operation, title, advice }) => ({
    level: severity === 'high' || severity === 'medium' ? 'warning' : 'notice',
    title: `${rule}: ${operationText({ service, name: operation })}`,
    message: `${title}\n${advice}`,
  }));
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
