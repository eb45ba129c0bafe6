import type { TraceNode } from '../model/trace.ts';
import type { Condition, Term } from './check.ts';
import { Evidence } from './evidence.ts';
import type { Gauge, Measured } from './gauge.ts';
import { holds } from './holds.ts';
import type { CompileQueries, ScopedItem, ScopeReader } from './scoped-items.ts';
import type { TraceView } from './trace-view.ts';

/** Whether a term holds for an item of a trace; null when nobody can know. */
type Answer = (item: ScopedItem) => boolean | null;

/** Counts the spans, calls or traces of a scope that fit a condition; all of them without one. */
export class MatchGauge implements Gauge {
  readonly #counts: Condition['counts'];
  readonly #terms: readonly ((view: TraceView) => Answer)[];
  readonly #read: ScopeReader;
  readonly #evidence = new Evidence();
  #items = 0;
  #found = 0;

  constructor(
    condition: Condition | null,
    { read, compile }: { readonly read: ScopeReader; readonly compile: CompileQueries },
  ) {
    this.#counts = condition?.counts ?? 'satisfied';
    this.#terms = (condition?.terms ?? []).map((term) =>
      compiledTerm(term, compile, this.#counts === 'unsatisfied'),
    );
    this.#read = read;
  }

  add(view: TraceView): void {
    const items = this.#read(view);
    if (items.length === 0) return;
    const terms = this.#terms.map((term) => term(view));
    for (const item of items) {
      this.#items += 1;
      if (!this.#isCounted(terms.map((answer) => answer(item)))) continue;
      this.#found += 1;
      this.#evidence.add(item.durationNs ?? 0, item.span);
    }
  }

  #isCounted(answers: readonly (boolean | null)[]): boolean {
    switch (this.#counts) {
      case 'satisfied':
        return answers.every((answer) => answer === true);
      case 'perhaps':
        return answers.every((answer) => answer !== false);
      case 'unsatisfied':
        return answers.some((answer) => answer !== true);
    }
  }

  result(): Measured {
    return {
      sample: { kind: 'amount', amount: this.#found, runs: 1 },
      n: this.#items,
      matched: this.#items > 0,
      evidence: this.#evidence.list(),
    };
  }
}

/** `isOfAll`: a pipeline has to keep all that it selects, not something. */
function compiledTerm(
  term: Term,
  compile: CompileQueries,
  isOfAll: boolean,
): (view: TraceView) => Answer {
  switch (term.kind) {
    case 'amount':
      return (view) => amountAnswer(term, view);
    case 'query': {
      const select = compile.spans(term.text);
      return ({ trace }) => {
        const selected: ReadonlySet<TraceNode> = new Set(select(trace));
        return ({ node }) => (node === null ? null : selected.has(node));
      };
    }
    case 'pipeline': {
      const judge = compile.trace(term.text);
      return ({ trace }) => {
        const { keepsAll, keepsAny } = judge(trace);
        return () => (isOfAll ? keepsAll : keepsAny);
      };
    }
  }
}

function amountAnswer(
  { field, comparator, value }: Extract<Term, { kind: 'amount' }>,
  { trace, selfNs }: TraceView,
): Answer {
  const values: Readonly<Record<typeof field, (item: ScopedItem) => number | null>> = {
    duration: ({ durationNs }) => durationNs,
    self: ({ node }) => (node ? (selfNs[node.index] ?? null) : null),
    traceDuration: () => trace.durationNs,
    children: ({ node }) => node?.children.length ?? null,
  };
  const read = values[field];
  return (item) => {
    const actual = read(item);
    return actual === null ? null : holds(actual, comparator, value);
  };
}
