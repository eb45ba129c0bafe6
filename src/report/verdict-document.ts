import type {
  Change,
  Comparison,
  Explanation,
  OperationChange,
  StructureChange,
} from '../verdict/comparison.ts';
import type { SpanEvidence } from '../verdict/evidence.ts';
import type { CheckResult } from '../verdict/run-checks.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { findingsDocument } from './findings-report.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import type { VerdictFacts } from './verdict-facts.ts';

/** `tracecli compare --json`. */
export function verdictDocument(facts: VerdictFacts, version: string): JsonDocument {
  return {
    ...documentHead('compare', version),
    inputs: facts.inputs,
    baseline: facts.baseline,
    ...verdictFields(facts),
    findings: facts.findings && findingsDocument({ findings: facts.findings }),
  };
}

/** What `analyze --json` says besides its sections where a verdict was asked for. */
export function verdictFields({ checks, comparison, verdict, warnings }: VerdictFacts) {
  return {
    checks: checks.map(checkDocument),
    comparison: comparison && comparisonDocument(comparison),
    verdict: verdictObject(verdict),
    warnings,
  };
}

function verdictObject({ status, exitCode, reasons }: Verdict) {
  return { status, exitCode, reasons };
}

function checkDocument({ actual, expected, evidence, ...facts }: CheckResult): JsonDocument {
  return {
    ...facts,
    actual: rounded(actual),
    expected: rounded(expected),
    evidence: evidence.map(evidenceDocument),
  };
}

function evidenceDocument({ traceId, spanId }: SpanEvidence) {
  return { traceId, spanId };
}

function comparisonDocument(comparison: Comparison): JsonDocument {
  const { base, current, options, operations, structure, explanations } = comparison;
  return {
    status: comparison.status,
    base: { ...base },
    current: { ...current },
    options: { ...options },
    tests: comparison.tests,
    operations: operations.map(operationDocument),
    structure: structure.map(structureDocument),
    explanations: explanations.map(explanationDocument),
    newRequests: comparison.newRequests.map(({ service, name }) => ({ service, name })),
    goneRequests: comparison.goneRequests.map(({ service, name }) => ({ service, name })),
  };
}

function operationDocument({ changes, exemplar, ...facts }: OperationChange): JsonDocument {
  return {
    ...facts,
    detectableEffect: rounded(facts.detectableEffect),
    exemplar: exemplar && evidenceDocument(exemplar),
    changes: changes.map(changeDocument),
  };
}

function changeDocument(change: Change): JsonDocument {
  const { metric, status, base, current, effect, low, high, p, adjustedP } = change;
  const isShare = metric === 'errors';
  return {
    metric,
    status,
    base: isShare ? rounded(base) : base,
    current: isShare ? rounded(current) : current,
    effect: rounded(effect),
    low: rounded(low),
    high: rounded(high),
    p: rounded(p),
    adjustedP: rounded(adjustedP),
  };
}

function structureDocument(change: StructureChange): JsonDocument {
  const { request, operations, base, current, p, adjustedP, ...facts } = change;
  return {
    ...facts,
    request: { service: request.service, name: request.name },
    operations: operations.map(({ service, name }) => ({ service, name })),
    base: rounded(base),
    current: rounded(current),
    p: rounded(p),
    adjustedP: rounded(adjustedP),
  };
}

/** Means are rounded to whole nanoseconds. */
function explanationDocument({ request, traces, parts, ...means }: Explanation): JsonDocument {
  return {
    request: { service: request.service, name: request.name },
    traces,
    baseMeanNs: Math.round(means.baseMeanNs),
    currentMeanNs: Math.round(means.currentMeanNs),
    changeNs: Math.round(means.changeNs),
    parts: parts.map(({ service, name, ...figures }) => ({
      service,
      name,
      baseNs: Math.round(figures.baseNs),
      currentNs: Math.round(figures.currentNs),
      changeNs: Math.round(figures.changeNs),
      lowNs: Math.round(figures.lowNs),
      highNs: Math.round(figures.highNs),
    })),
  };
}

/** Six significant digits: more would only be noise that differs between machines. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
