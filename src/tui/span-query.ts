import type { TraceNode } from '../model/trace.ts';

/** TraceQL that selects spans like this one: of its service, operation and outcome. */
export function traceQlOf({ service, span }: TraceNode): string {
  const conditions = [`resource.service.name = ${quoted(service)}`, `name = ${quoted(span.name)}`];
  if (span.statusCode === 'error') conditions.push('status = error');
  return `{ ${conditions.join(' && ')} }`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
