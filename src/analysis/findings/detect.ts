import type { Trace } from '../../model/trace.ts';
import { UserError } from '../../model/user-error.ts';
import type { CriticalPath } from '../critical-path.ts';
import type { TraceErrors } from '../trace-errors.ts';
import { Signatures } from './call-signature.ts';
import type { Finding, TraceFinding } from './finding.ts';
import { FindingGroups } from './finding-groups.ts';
import type { FindingRule, RuleParam, RuleParams, RunningRule } from './finding-rule.ts';
import { redactedFinding } from './redacted-finding.ts';
import { TraceContext } from './trace-context.ts';

export interface DetectOptions {
  /** Names of the findings to look for; all by default. */
  readonly only?: readonly string[];
  /** Names of the findings to leave out. */
  readonly disabled?: readonly string[];
  /** Thresholds by `<rule>.<param>`, e.g. `n-plus-one.minCalls`. */
  readonly params?: Readonly<Record<string, RuleParam>>;
}

/** What rules found in the analysed traces. */
export interface Findings {
  readonly traces: number;
  /** Traces in which a rule that looks at single traces found something. */
  readonly tracesWithFindings: number;
  /** Most severe first, then by total impact, confidence, rule and fingerprint. */
  readonly findings: readonly Finding[];
}

/** Collects traces; each must be added once and whole. The result does not depend on their order. */
export interface FindingsAccumulator {
  /** `path` and `errors` of the trace where they are at hand, else they are worked out when a rule needs them. */
  add(trace: Trace, path?: CriticalPath | null, errors?: TraceErrors | null): void;
  /** Of the traces so far. */
  result(): Findings;
}

/**
 * Looks for what `rules` describe. Equal problems are one finding with the traces that have it.
 * Throws a `UserError` for a name or a threshold that no rule has.
 */
export function detect(
  rules: readonly FindingRule[],
  options: DetectOptions = {},
): FindingsAccumulator {
  return new Detector(rules, options);
}

class Detector implements FindingsAccumulator {
  readonly #running: readonly RunningRule[];
  readonly #wanted: ReadonlySet<string>;
  readonly #advice: ReadonlyMap<string, string>;
  readonly #groups = new FindingGroups();
  readonly #signatures = new Signatures();
  #traces = 0;
  #tracesWithFindings = 0;

  constructor(rules: readonly FindingRule[], { only, disabled = [], params = {} }: DetectOptions) {
    this.#advice = new Map(rules.flatMap(({ advice }) => Object.entries(advice)));
    const names = [...this.#advice.keys()];
    checkNames([...(only ?? []), ...disabled], names);
    this.#wanted = new Set((only ?? names).filter((name) => !disabled.includes(name)));
    const overrides = overridesOf(rules, params);
    this.#running = rules
      .filter(({ advice }) => Object.keys(advice).some((name) => this.#wanted.has(name)))
      .map((rule) => rule.start(overrides.get(rule.name) ?? {}));
  }

  add(trace: Trace, path: CriticalPath | null = null, errors: TraceErrors | null = null): void {
    const context = new TraceContext(trace, path, errors, this.#signatures);
    const found: TraceFinding[] = [];
    for (const rule of this.#running) {
      for (const finding of rule.inspect(context)) {
        if (this.#wanted.has(finding.rule)) found.push(finding);
      }
    }
    this.#groups.add(context, found);
    this.#traces += 1;
    this.#tracesWithFindings += Number(found.length > 0);
  }

  result(): Findings {
    const ofAllData = this.#running
      .flatMap((rule) => rule.result())
      .filter(({ rule }) => this.#wanted.has(rule));
    return {
      traces: this.#traces,
      tracesWithFindings: this.#tracesWithFindings,
      findings: this.#groups
        .result((rule) => this.#advice.get(rule) ?? '', ofAllData)
        .map(redactedFinding),
    };
  }
}

function checkNames(asked: readonly string[], known: readonly string[]): void {
  const wrong = asked.find((name) => !known.includes(name));
  if (wrong === undefined) return;
  throw new UserError('usage', `"${wrong}" is not a rule`, {
    fix: `the rules are ${known.toSorted().join(', ')}`,
  });
}

/** Thresholds by the name of their rule. */
function overridesOf(
  rules: readonly FindingRule[],
  params: Readonly<Record<string, RuleParam>>,
): ReadonlyMap<string, RuleParams> {
  const overrides = new Map<string, RuleParams>();
  for (const [key, value] of Object.entries(params)) {
    const dot = key.indexOf('.');
    const rule = rules.find(({ name }) => name === key.slice(0, dot));
    const param = key.slice(dot + 1);
    if (rule === undefined) checkNames([dot === -1 ? key : key.slice(0, dot)], names(rules));
    else {
      checkParam(rule, param, value);
      overrides.set(rule.name, { ...overrides.get(rule.name), [param]: value });
    }
  }
  return overrides;
}

function names(rules: readonly FindingRule[]): string[] {
  return rules.map(({ name }) => name);
}

function checkParam({ name, params }: FindingRule, param: string, value: RuleParam): void {
  const standard = Object.entries(params).find(([known]) => known === param)?.[1];
  if (standard === undefined) {
    throw new UserError('usage', `the rule ${name} has no threshold "${param}"`, {
      fix: `it has ${Object.keys(params).toSorted().join(', ') || 'none'}`,
    });
  }
  if (typeof standard !== typeof value) {
    throw new UserError('usage', `${name}.${param} cannot be "${String(value)}"`, {
      fix: typeof standard === 'number' ? 'it takes a number' : 'it takes a list of names',
    });
  }
}
