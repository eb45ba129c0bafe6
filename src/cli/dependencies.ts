import type { NamingRules } from '../analysis/dependency-names.ts';
import {
  type DependencyAccumulator,
  serviceDependencies,
} from '../analysis/service-dependencies.ts';
import { listImports } from '../store/import-log.ts';
import type { Store } from '../store/open-store.ts';
import { listServices } from '../store/store-info.ts';

/** An accumulator of dependencies that knows the services of the whole store. */
export function dependenciesOf(store: Store): DependencyAccumulator {
  return serviceDependencies(namingRules(store));
}

/** How callees are named that have no spans in the traces at hand. */
export function namingRules(store: Store): NamingRules {
  return {
    knownServices: listServices(store),
    // Zipkin's servers write names in lower case, whatever the service calls itself elsewhere.
    caseInsensitive: listImports(store).some(({ format }) => format.startsWith('zipkin')),
    ports: false,
  };
}
