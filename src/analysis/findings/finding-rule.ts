import type { DataFinding, TraceFinding } from './finding.ts';
import type { TraceContext } from './trace-context.ts';

/** A threshold, or a list of names that a rule is told. */
export type RuleParam = number | readonly string[];
export type RuleParams = Readonly<Record<string, RuleParam>>;

/** A rule at work on a set of traces. */
export interface RunningRule {
  /** Looks at one trace. */
  inspect(context: TraceContext): readonly TraceFinding[];
  /** What only shows over all traces that were inspected. */
  result(): readonly DataFinding[];
}

/** Something that can be wrong with traces, and how to see it. */
export interface FindingRule {
  /** Its own name, e.g. `retry`: thresholds are set as `<name>.<param>`. */
  readonly name: string;
  /** By the name of each kind of finding that it reports, its own first: what to do about it, one sentence. */
  readonly advice: Readonly<Record<string, string>>;
  /** All its thresholds with their defaults; names carry their units. */
  readonly params: RuleParams;
  /** Starts it with its defaults, and what differs from them. */
  start(overrides: RuleParams): RunningRule;
}

/** A rule before its thresholds are known. */
interface RuleFacts<P extends RuleParams> {
  readonly name: string;
  readonly advice: Readonly<Record<string, string>>;
  readonly params: P;
}

interface TraceRuleFacts<P extends RuleParams> extends RuleFacts<P> {
  inspect(context: TraceContext, params: P): readonly TraceFinding[];
}

interface DataRuleFacts<P extends RuleParams> extends RuleFacts<P> {
  /** A fresh accumulator. Keep counts and names in it, no spans. */
  accumulate(params: P): DataRuleAccumulator;
}

/** Collects traces; each is added once and whole. The result must not depend on their order. */
export interface DataRuleAccumulator {
  add(context: TraceContext): void;
  result(): readonly DataFinding[];
}

/** A rule that needs one trace at a time. */
export function traceRule<P extends RuleParams>(facts: TraceRuleFacts<P>): FindingRule {
  return {
    name: facts.name,
    advice: facts.advice,
    params: facts.params,
    start: (overrides) => {
      const params = { ...facts.params, ...overrides };
      return { inspect: (context) => facts.inspect(context, params), result: () => [] };
    },
  };
}

const NONE: readonly TraceFinding[] = [];

/** A rule that needs all traces. */
export function dataRule<P extends RuleParams>(facts: DataRuleFacts<P>): FindingRule {
  return {
    name: facts.name,
    advice: facts.advice,
    params: facts.params,
    start: (overrides) => {
      const accumulator = facts.accumulate({ ...facts.params, ...overrides });
      return {
        inspect: (context) => {
          accumulator.add(context);
          return NONE;
        },
        result: () => accumulator.result(),
      };
    },
  };
}
