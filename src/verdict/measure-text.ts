import type { Check, Field, Measure, NumberAttribute, Scope, Statistic } from './check.ts';

/**
 * What a check measures, as one text, whatever it is compared with: `p95(duration)[cart/GET *]`. Baselines keep measures by it; spellings
 * that mean the same give the same text.
 */
export function measureText({ measure, scope }: Pick<Check, 'measure' | 'scope'>): string {
  return `${wordOf(measure)}${scopeText(scope)}`;
}

function wordOf(measure: Measure): string {
  switch (measure.kind) {
    case 'statistic':
      return `${statisticText(measure.statistic)}(${fieldText(measure.field)})`;
    case 'count':
      return measure.count;
    case 'apdex':
      return `apdex(${measure.targetNs}ns)`;
    case 'findings':
      return `${measure.isNew ? 'new_' : ''}findings(${measure.rule} >= ${measure.atLeast})`;
    case 'quality':
      return measure.quality;
    case 'matches':
      return 'matches';
  }
}

function statisticText(statistic: Statistic): string {
  return statistic.kind === 'percentile' ? statistic.text : statistic.kind;
}

function fieldText(field: Field | NumberAttribute): string {
  if (typeof field === 'string') return field;
  return `${field.of === 'any' ? '' : field.of}.${field.key}`;
}

function scopeText(scope: Scope): string {
  switch (scope.kind) {
    case 'requests':
    case 'traces':
      return '';
    case 'service':
      return `[${scope.service}${scope.name === null ? '' : `/${scope.name}`}]`;
    case 'edge':
      return `[${scope.source} -> ${scope.target}]`;
    case 'query':
      return scope.text;
  }
}
