import { stringAttribute } from '../../model/attributes.ts';
import type { Resource } from '../../model/span.ts';
import type { TraceNode } from '../../model/trace.ts';

/** Attributes that name the machine whose clock timed a span, best first. */
const HOST_KEYS = ['host.id', 'host.name', 'ip'] as const;

/** Names of the machine and of the process, null where unknown. */
interface ClockNames {
  readonly host: string | null;
  readonly process: string | null;
  readonly address: string | null;
}

/** Tells whose clock timed a span. Remembers what resources say; keep one for a trace and no longer. */
export class ClockHosts {
  readonly #names = new Map<Resource, ClockNames>();

  /** Whether two spans may have been timed by different clocks: unless both name one host, process or address, they may. */
  mayDiffer(a: TraceNode, b: TraceNode): boolean {
    const ofA = this.#namesOf(a);
    const ofB = this.#namesOf(b);
    for (const key of ['host', 'process', 'address'] as const) {
      if (ofA[key] !== null && ofB[key] !== null) return ofA[key] !== ofB[key];
    }
    return true;
  }

  /** The host, process or address of a span; of one that tells none its service. */
  label(node: TraceNode): string {
    const { host, process, address } = this.#namesOf(node);
    return host ?? process ?? address ?? node.service;
  }

  #namesOf({ span }: TraceNode): ClockNames {
    let names = this.#names.get(span.resource);
    if (names === undefined) {
      const { attributes } = span.resource;
      const host = HOST_KEYS.map((key) => named(stringAttribute(attributes, key)));
      names = {
        host: host.find((name) => name !== null) ?? null,
        process: stringAttribute(attributes, 'service.instance.id'),
        address: null,
      };
      this.#names.set(span.resource, names);
    }
    // Zipkin's spans name their own address themselves.
    const address = named(stringAttribute(span.attributes, 'network.local.address'));
    return address === null ? names : { ...names, address };
  }
}

/** A loopback names a host only for itself. */
function named(name: string | null): string | null {
  return name === '127.0.0.1' || name === '::1' || name === 'localhost' ? null : name;
}
