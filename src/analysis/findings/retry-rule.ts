import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { errorSignature } from '../error-signature.ts';
import { groupId } from '../span-grouping.ts';
import { backOff, resendsOf, retriedCalls } from './attempts.ts';
import { milliseconds, nodesOf } from './call-groups.ts';
import type { TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';
import { multipliedAttempts, type RetriedGroup } from './retry-storm.ts';
import type { TraceContext } from './trace-context.ts';

/**
 * Calls that failed and were made again. Many attempts at one call, or several levels that each try again, multiply the load on
 * what is failing already. And an error that a retry makes good reaches no user, but is there.
 */
export const retryRule = traceRule({
  name: 'retry',
  advice: {
    retry:
      'Find out why the first attempt fails; retry only what can succeed the second time, with a growing and random back-off.',
    'retry-storm':
      'Retry at one level only, with a budget and a circuit breaker: attempts multiply from level to level.',
    'error-masked-by-retry':
      'Count these failures: users do not see them, but they cost time and announce an outage.',
  },
  params: { stormAttempts: 4, stormProduct: 6 },
  inspect(context, { stormAttempts, stormProduct }) {
    const groups = retriedGroups(context);
    return [
      ...groups.flatMap((group) => [retryFinding(group, stormAttempts), ...masked(group)]),
      ...multipliedAttempts(context.trace, groups, stormProduct),
      ...resends(context, groups),
    ];
  },
});

function retriedGroups(context: TraceContext): RetriedGroup[] {
  // All attempts but the last have failed.
  if (!context.hasFailed) return [];
  const groups: RetriedGroup[] = [];
  for (const parent of context.trace.nodes) {
    if (parent.children.length < 2) continue;
    groups.push(...groupsOfCaller(context, parent), ...groupsBelowClient(parent));
  }
  return groups;
}

function groupsOfCaller(context: TraceContext, parent: TraceNode): RetriedGroup[] {
  return context.repeatedCallsOf(parent).flatMap((calls) => {
    const retried = retriedCalls(nodesOf(calls));
    const [first] = calls;
    if (retried.length === 0 || first === undefined) return [];
    const { text, signature } = first;
    return [{ parent, text, signature, retried, where: 'caller' as const }];
  });
}

/** A client with several servers under it made one call; what answers more than once was asked more than once. */
function groupsBelowClient(parent: TraceNode): RetriedGroup[] {
  if (parent.span.kind !== 'client') return [];
  const servers = parent.children.filter(({ span }) => span.kind === 'server');
  const groups = new Map<string, TraceNode[]>();
  for (const server of servers) {
    const signature = groupId({ service: server.service, side: 'server', name: server.span.name });
    groups.set(signature, [...(groups.get(signature) ?? []), server]);
  }
  return Array.from(groups).flatMap(([signature, same]) => {
    const retried = retriedCalls(same);
    if (retried.length === 0) return [];
    const text = parent.span.name;
    return [{ parent, text, signature, retried, where: 'below client' as const }];
  });
}

function retryFinding(group: RetriedGroup, stormAttempts: number): TraceFinding {
  const { parent, text, signature, retried, where } = group;
  const attempts = Math.max(...retried.map((call) => call.attempts.length));
  const longest = retried.find((call) => call.attempts.length === attempts) ?? retried[0];
  const isStorm = attempts >= stormAttempts;
  const wastedNs = retried.reduce((sum, call) => sum + call.wastedNs, 0);
  const failed = retried.flatMap((call) => call.failed);
  const errors = new Set(failed.slice(0, MAX_ERRORS_READ).map(({ span }) => errorSignature(span)));
  const times = retried.length === 1 ? '' : `, ${retried.length} times`;
  return {
    rule: isStorm ? 'retry-storm' : 'retry',
    severity: 'by-impact',
    confidence: isStorm ? 0.9 : 0.8,
    title: `${text} attempted ${attempts} times${times}`,
    node: parent,
    spans: retried.flatMap((call) => call.attempts),
    count: attempts,
    impactNs: nanos(wastedNs),
    evidence: {
      call: text,
      where,
      attempts,
      retriedCalls: retried.length,
      failedAttempts: failed.length,
      waitsNs: longest?.waitsNs.slice(0, MAX_WAITS) ?? [],
      backOff: backOff(longest?.waitsNs ?? []),
      errors: [...errors].sort(),
      recovered: retried.filter((call) => call.isRecovered).length,
      finalOk: retried.every((call) => call.isRecovered),
      wastedNs,
      wasted: milliseconds(wastedNs),
    },
    signatures: [signature],
  };
}

const MAX_WAITS = 20;
const MAX_ERRORS_READ = 1000;

function masked({ parent, text, signature, retried }: RetriedGroup): TraceFinding[] {
  const recovered = retried.filter((call) => call.isRecovered);
  if (recovered.length === 0) return [];
  const failed = recovered.flatMap((call) => call.failed);
  return [
    {
      rule: 'error-masked-by-retry',
      severity: 'info',
      confidence: 0.8,
      title: `${failed.length} failed ${failed.length === 1 ? 'attempt' : 'attempts'} at ${text} made good by another`,
      node: parent,
      spans: failed,
      count: failed.length,
      impactNs: nanos(0),
      evidence: { call: text, failedAttempts: failed.length, recoveredCalls: recovered.length },
      signatures: [signature],
    },
  ];
}

/** Spans that say themselves that they are another attempt, where nothing else shows it. */
function resends({ trace }: TraceContext, groups: readonly RetriedGroup[]): TraceFinding[] {
  const shown = new Set(
    groups.flatMap(({ retried }) => retried.flatMap(({ attempts }) => attempts)),
  );
  const said = trace.nodes.filter((node) => resendsOf(node.span) > 0 && !shown.has(node));
  return said.map((node) => {
    const attempts = resendsOf(node.span) + 1;
    const finding: TraceFinding = {
      rule: 'retry',
      severity: 'by-impact',
      // HTTP clients also count redirects as resends.
      confidence: 0.5,
      title: `${node.span.name} is attempt ${attempts}, as it says`,
      node,
      spans: [node],
      count: attempts,
      impactNs: nanos(0),
      evidence: { call: node.span.name, where: 'attribute', attempts },
      signatures: ['attribute'],
    };
    return finding;
  });
}
