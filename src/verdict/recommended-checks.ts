import type { Check } from './check.ts';
import { parseCheck } from './parse-check.ts';

/** What any data can be asked: that it can be trusted, and that nothing bad is new. Regressions are the comparison's business. */
export const RECOMMENDED: readonly Check[] = [
  parseCheck('orphan_ratio <= 5%', {
    id: 'recommended/orphans',
    why: 'spans without their parents hide who waited for whom',
  }),
  parseCheck('unknown_service_ratio <= 1%', {
    id: 'recommended/unknown-service',
    why: 'nobody can tell whose spans these are',
  }),
  parseCheck('clock_skew_ratio <= 20%', {
    id: 'recommended/clocks',
    level: 'warn',
    why: 'times between hosts are corrected by guesses',
  }),
  parseCheck('findings(retry-storm) == 0', {
    id: 'recommended/retry-storms',
    why: 'retries that multiply take a slow service down',
  }),
  parseCheck('new_findings(* >= medium) == 0', {
    id: 'recommended/new-findings',
    isOptional: true,
    why: 'the baseline did not have them',
  }),
];
