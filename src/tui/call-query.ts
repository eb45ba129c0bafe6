import { type AttributeConcept, conceptKeys } from '../analysis/attribute-concepts.ts';
import type { DependencyNode } from '../analysis/dependency-node.ts';

/** TraceQL that finds the traces in which one node of the dependencies calls another; null where no span of the caller or the called would say so. */
export function callQuery(caller: DependencyNode, called: DependencyNode): string | null {
  // Whatever lies between their spans.
  if (caller.type === 'service' && called.type === 'service') {
    return `${spansOf(caller, [])} >> ${spansOf(called, [])}`;
  }
  if (caller.type === 'service') return spansOf(caller, sideConditions(called));
  // A message that the service received, or a call whose server names who called.
  if (called.type === 'service' && caller.type !== 'user') {
    return spansOf(called, sideConditions(caller));
  }
  return null;
}

/** What a service's spans say about the other side, which has none; the spellings of the years side by side. */
function sideConditions({ type, name }: DependencyNode): string[] {
  switch (type) {
    case 'database':
      return ofSystem(name, 'databaseSystem', 'databaseName');
    case 'messaging':
      return ofSystem(name, 'messagingSystem', 'messagingDestination');
    case 'external':
      return [anyOf('calledName', name)];
    case 'service':
    case 'user':
      return [];
  }
}

/** A name is `system/name`, or only a system; a broker that tells no system is `unknown/name`, and a made-up destination is `(temporary)`. */
function ofSystem(text: string, system: AttributeConcept, named: AttributeConcept): string[] {
  const slash = text.indexOf('/');
  const first = slash < 0 ? text : text.slice(0, slash);
  const rest = slash < 0 ? '' : text.slice(slash + 1);
  const conditions = first === 'unknown' ? [] : [anyOf(system, first)];
  if (rest !== '' && rest !== '(temporary)') conditions.push(anyOf(named, rest));
  return conditions;
}

/** That one of the concept's keys has the value, an address perhaps with a port behind it. */
function anyOf(concept: AttributeConcept, value: string): string {
  const alternatives = conceptKeys(concept).map((key) =>
    key === 'http.host'
      ? `span.${key} =~ ${JSON.stringify(`${value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(:[0-9]+)?`)}`
      : `span.${key} = ${JSON.stringify(value)}`,
  );
  return alternatives.length === 1 ? alternatives.join('') : `(${alternatives.join(' || ')})`;
}

function spansOf({ name }: DependencyNode, conditions: readonly string[]): string {
  return `{ ${[`resource.service.name = ${JSON.stringify(name)}`, ...conditions].join(' && ')} }`;
}
