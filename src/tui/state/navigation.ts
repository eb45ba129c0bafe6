import type { TraceFilter } from '../../model/trace-summary.ts';
import type { Target } from '../target.ts';
import {
  type DependenciesScreen,
  FIRST_TRACES,
  type ItemsKind,
  type ItemsScreen,
  type Screen,
  type Step,
} from './app-state.ts';
import { waterfallOf } from './waterfall-screen.ts';

/** Opens what a line leads to; `filter` is what the traces of the line's screen are restricted to. */
export function stepTo<S extends Screen>(screen: S, target: Target, filter: TraceFilter): Step {
  switch (target.to) {
    case 'trace': {
      return { screen, push: waterfallOf(target.traceId, target.spanId) };
    }
    case 'traces': {
      const { service, scope, sort } = target;
      const base = { ...FIRST_TRACES, service, scope: { ...filter, ...scope } };
      return { screen, push: sort ? { ...base, sort } : base };
    }
    case 'items':
      return { screen, push: itemsScreen(target.kind, filter, target.subject) };
    case 'dependencies':
      return { screen, push: dependenciesScreen(filter) };
  }
}

export function itemsScreen(kind: ItemsKind, filter: TraceFilter, subject = ''): ItemsScreen {
  return { kind, filter, subject, words: '', selected: 0, top: 0 };
}

export function dependenciesScreen(filter: TraceFilter): DependenciesScreen {
  return { kind: 'dependencies', filter, folded: new Set(), isGraph: false, selected: 0, top: 0 };
}
