import type { Attributes } from '../model/attributes.ts';
import type { TraceNode } from '../model/trace.ts';
import { conceptText, messagingOperation } from './attribute-concepts.ts';
import type { DependencyNames } from './dependency-names.ts';

/**
 * What a span does at the border of its service. `receive`: takes messages from a broker. `settle`: acknowledges them, which moves
 * nothing. `local`: stays inside.
 */
export type CallRole = 'server' | 'client' | 'producer' | 'receive' | 'settle' | 'local';

/** The role of every span, by `TraceNode.index`. */
export function callRoles(nodes: readonly TraceNode[], names: DependencyNames): CallRole[] {
  return nodes.map((node) => callRole(node, names));
}

function callRole({ span, service }: TraceNode, names: DependencyNames): CallRole {
  switch (span.kind) {
    case 'server':
    case 'producer':
      return span.kind;
    case 'consumer':
      return messagingOperation(span.attributes) === 'settle' ? 'settle' : 'receive';
    case 'client':
      return clientRole(span.attributes);
    case 'internal':
      return 'local';
    case 'unspecified': {
      // OpenTracing programs often set a peer name and no kind. One that names its own service is not a call.
      const peer = conceptText(span.attributes, 'peerService');
      return peer === null || names.isSame(peer, service) ? 'local' : clientRole(span.attributes);
    }
  }
}

/** Since semantic conventions 1.26 a consumer that polls its broker does so in CLIENT spans. */
function clientRole(attributes: Attributes): CallRole {
  const operation = messagingOperation(attributes);
  if (operation === 'settle') return 'settle';
  return operation === 'receive' || operation === 'process' ? 'receive' : 'client';
}
