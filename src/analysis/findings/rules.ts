import { callCycleRule } from './call-cycle-rule.ts';
import { chattyRule } from './chatty-rule.ts';
import { childOutsideParentRule } from './child-outside-parent-rule.ts';
import { clockSkewRule } from './clock-skew-rule.ts';
import { connectionQueueingRule } from './connection-queueing-rule.ts';
import { dataQualityRule } from './data-quality-rule.ts';
import { duplicateCallRule } from './duplicate-call-rule.ts';
import { errorStatusRules } from './error-status-rules.ts';
import { errorSwallowedRule } from './error-swallowed-rule.ts';
import { externalHostRule } from './external-host-rule.ts';
import { fanOutImbalanceRule } from './fan-out-imbalance-rule.ts';
import type { FindingRule } from './finding-rule.ts';
import { gapRule } from './gap-rule.ts';
import { highCardinalityNamesRule } from './high-cardinality-names-rule.ts';
import { insecureTransportRule } from './insecure-transport-rule.ts';
import { largePayloadRule } from './large-payload-rule.ts';
import { latencyModeRule } from './latency-mode-rule.ts';
import { missingSpansRule } from './missing-spans-rule.ts';
import { nPlusOneRule } from './n-plus-one-rule.ts';
import { outlierInstanceRule } from './outlier-instance-rule.ts';
import { oversizedRule } from './oversized-rule.ts';
import { queueLagRule } from './queue-lag-rule.ts';
import { retryRule } from './retry-rule.ts';
import { secretRule } from './secret-rule.ts';
import { sequentialFanOutRule } from './sequential-fan-out-rule.ts';
import { serverOutlivesClientRule } from './server-outlives-client-rule.ts';
import { slowDbRule } from './slow-db-rule.ts';
import { slowStartRule } from './slow-start-rule.ts';
import { timeoutRule } from './timeout-rule.ts';
import { unansweredCallRule } from './unanswered-call-rule.ts';
import { uninstrumentedLeafRule } from './uninstrumented-leaf-rule.ts';
import { unmarkedErrorsRule } from './unmarked-errors-rule.ts';

/** Every rule, in the order of the documentation. The order decides nothing. */
export const RULES: readonly FindingRule[] = [
  nPlusOneRule,
  retryRule,
  sequentialFanOutRule,
  duplicateCallRule,
  chattyRule,
  slowDbRule,
  largePayloadRule,
  callCycleRule,
  fanOutImbalanceRule,
  gapRule,
  uninstrumentedLeafRule,
  slowStartRule,
  timeoutRule,
  serverOutlivesClientRule,
  errorSwallowedRule,
  ...errorStatusRules,
  unmarkedErrorsRule,
  clockSkewRule,
  childOutsideParentRule,
  missingSpansRule,
  unansweredCallRule,
  highCardinalityNamesRule,
  oversizedRule,
  externalHostRule,
  insecureTransportRule,
  secretRule,
  queueLagRule,
  connectionQueueingRule,
  outlierInstanceRule,
  latencyModeRule,
  dataQualityRule,
];
