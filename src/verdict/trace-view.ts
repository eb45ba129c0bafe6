import { type CriticalPath, criticalPath } from '../analysis/critical-path.ts';
import { DependencyNames } from '../analysis/dependency-names.ts';
import { selfTimes } from '../analysis/self-time.ts';
import { findSentCalls } from '../analysis/sent-calls.ts';
import { findReceivedCalls, type ServiceCall, startSearch } from '../analysis/service-calls.ts';
import type { Nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';

/** How the other sides of calls are named. */
export interface PeerNaming {
  readonly knownServices: Iterable<string>;
  readonly caseInsensitive: boolean;
}

export function dependencyNames(naming: PeerNaming): DependencyNames {
  return new DependencyNames({ ...naming, ports: false });
}

/** A trace and what several checks want to know of it, worked out when the first of them asks. */
export class TraceView {
  readonly trace: Trace;
  readonly #names: DependencyNames;
  #path: CriticalPath | null = null;
  #selfNs: readonly Nanos[] | null = null;
  #calls: readonly ServiceCall[] | null = null;

  constructor(trace: Trace, names: DependencyNames) {
    this.trace = trace;
    this.#names = names;
  }

  /** The whole request: the first root whose parent is not missing, else the first of all. */
  get request(): TraceNode | null {
    return requestOf(this.trace);
  }

  get path(): CriticalPath {
    this.#path ??= criticalPath(this.trace);
    return this.#path;
  }

  get selfNs(): readonly Nanos[] {
    this.#selfNs ??= selfTimes(this.trace);
    return this.#selfNs;
  }

  get calls(): readonly ServiceCall[] {
    this.#calls ??= callsOf(this.trace, this.#names);
    return this.#calls;
  }
}

function requestOf({ roots }: Trace): TraceNode | null {
  return roots.find(({ missingParent }) => missingParent === null) ?? roots[0] ?? null;
}

function callsOf(trace: Trace, names: DependencyNames): readonly ServiceCall[] {
  const search = startSearch(trace, names);
  findReceivedCalls(search);
  findSentCalls(search);
  return search.calls;
}
