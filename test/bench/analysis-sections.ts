import {
  aggregatedCallPaths,
  aggregatedCriticalPath,
} from '../../src/analysis/aggregated-critical-path.ts';
import { aggregatedSaving } from '../../src/analysis/aggregated-saving.ts';
import { CriticalPaths } from '../../src/analysis/critical-path.ts';
import { datasetFacts } from '../../src/analysis/dataset.ts';
import { errorHotspots } from '../../src/analysis/error-hotspots.ts';
import { detect } from '../../src/analysis/findings/detect.ts';
import type { FindingRule } from '../../src/analysis/findings/finding-rule.ts';
import { RULES } from '../../src/analysis/findings/rules.ts';
import { latencyPercentiles } from '../../src/analysis/latency-percentiles.ts';
import { pathByService } from '../../src/analysis/path-grouping.ts';
import { redOverTime } from '../../src/analysis/red-over-time.ts';
import { separatingAttributes } from '../../src/analysis/separating-attributes.ts';
import { traceErrors } from '../../src/analysis/trace-errors.ts';
import { dependenciesOf, namingRules } from '../../src/cli/dependencies.ts';
import { scanStoredTraces } from '../../src/cli/scan-traces.ts';
import { openStore } from '../../src/store/open-store.ts';

/** Parts with a smaller share of all are left out. */
const LEAST_SHARE = 0.005;

/** Time spent in named parts of a program, in milliseconds; parts inside others count for themselves alone. */
class Costs {
  readonly #ms = new Map<string, number>();
  #inner = 0;

  measure<T>(name: string, work: () => T): T {
    const outer = this.#inner;
    this.#inner = 0;
    const start = performance.now();
    try {
      return work();
    } finally {
      const took = performance.now() - start;
      this.#ms.set(name, (this.#ms.get(name) ?? 0) + took - this.#inner);
      this.#inner = outer + took;
    }
  }

  print(spans: number): void {
    const rows = [...this.#ms].sort(([, a], [, b]) => b - a);
    const total = rows.reduce((sum, [, ms]) => sum + ms, 0);
    console.log('| part | µs a span | % |\n|---|---|---|');
    for (const [name, ms] of [['all', total] as const, ...rows]) {
      if (ms < total * LEAST_SHARE) break;
      console.log(
        `| ${name} | ${((ms * 1000) / spans).toFixed(2)} | ${((100 * ms) / total).toFixed(1)} |`,
      );
    }
  }
}

function timed(rule: FindingRule, costs: Costs): FindingRule {
  return {
    ...rule,
    start: (overrides) => {
      const running = rule.start(overrides);
      const { name } = rule;
      return {
        inspect: (context) => costs.measure(`rule ${name}`, () => running.inspect(context)),
        result: () => costs.measure(`rule ${name}, result`, () => running.result()),
      };
    },
  };
}

function* measuredScan<T>(items: Iterable<T>, costs: Costs): Generator<T> {
  const iterator = items[Symbol.iterator]();
  for (;;) {
    const next = costs.measure('read', () => iterator.next());
    if (next.done) return;
    yield next.value;
  }
}

/** Every part of an analysis in turn, for each trace of a store. */
function analyze(file: string, costs: Costs): number {
  const store = openStore(file, 'read');
  const dataset = datasetFacts();
  const paths = aggregatedCriticalPath(pathByService);
  const callPaths = aggregatedCallPaths();
  const savings = aggregatedSaving(pathByService);
  const errors = errorHotspots(namingRules(store));
  const findings = detect(RULES.map((rule) => timed(rule, costs)));
  const separating = separatingAttributes([]);
  const latency = latencyPercentiles();
  const red = redOverTime();
  const dependencies = dependenciesOf(store);
  let count = 0;
  const finder = new CriticalPaths();
  for (const { trace, stored } of measuredScan(scanStoredTraces(store, {}, 'all'), costs)) {
    count += trace.tree.size;
    costs.measure('dataset', () => dataset.add(trace, stored));
    const path = costs.measure('critical path of a trace', () => finder.find(trace));
    costs.measure('critical paths', () => paths.add(path));
    costs.measure('call paths', () => callPaths.add(path));
    costs.measure('savings', () => savings.add(path));
    // Whoever looks at nodes and keys of attributes first would pay for it.
    costs.measure('nodes', () => trace.nodes.map(({ span }) => span.attributes.size));
    const found = costs.measure('errors of a trace', () => traceErrors(trace, { path }));
    costs.measure('errors', () => errors.add(trace, found, path));
    costs.measure('findings, rest', () => findings.add(trace, path, found));
    costs.measure('separates', () => separating.add(trace, []));
    costs.measure('latency', () => latency.add(trace));
    costs.measure('red', () => red.add(trace));
    costs.measure('dependencies', () => dependencies.add(trace));
  }
  costs.measure('critical paths, result', () => [paths.result(), callPaths.largest(10)]);
  costs.measure('errors, result', () => errors.result());
  costs.measure('findings, result', () => findings.result());
  costs.measure('latency, result', () => latency.result());
  costs.measure('red, result', () => red.result());
  costs.measure('dependencies, result', () => dependencies.result());
  store.close();
  return count;
}

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node test/bench/run.mjs analysis-sections <store>');
  process.exitCode = 2;
} else {
  const costs = new Costs();
  costs.print(analyze(file, costs));
}
