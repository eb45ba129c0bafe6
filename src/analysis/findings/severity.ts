import { type Nanos, nanos } from '../../model/time.ts';
import { SEVERITIES, type Severity, type SeverityRule } from './finding.ts';

/** From which share of a trace's duration on a finding has a severity. */
const SHARES: readonly (readonly [number, Severity])[] = [
  [0.3, 'high'],
  [0.1, 'medium'],
  [0.02, 'low'],
];

/** The severity of something that costs `share` (0–1) of a trace. */
function severityOfShare(share: number): Severity {
  return SHARES.find(([least]) => share >= least)?.[1] ?? 'info';
}

/** The severity that a rule asks for, where its findings cost `share` of their traces. */
export function severityOf(rule: SeverityRule, share: number): Severity {
  switch (rule) {
    case 'by-impact':
      return severityOfShare(share);
    case 'one-above-impact':
      return moved(severityOfShare(share), 1);
    case 'one-below-impact':
      return moved(severityOfShare(share), -1);
    case 'info':
    case 'low':
    case 'medium':
    case 'high':
      return rule;
  }
}

function moved(severity: Severity, steps: number): Severity {
  const index = SEVERITIES.indexOf(severity) + steps;
  return SEVERITIES[Math.max(0, Math.min(index, SEVERITIES.length - 1))] ?? severity;
}

/** Total order: least severe first. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

/**
 * An impact as it counts for severity: in full as far as the critical path runs through its spans for that long, half beyond.
 * Off the path saving time makes nobody's answer faster, but still costs work.
 */
export function weightedImpactNs(impactNs: Nanos, onPathNs: Nanos): Nanos {
  const onPath = Math.min(impactNs, onPathNs);
  return nanos(onPath + Math.floor((impactNs - onPath) / 2));
}
