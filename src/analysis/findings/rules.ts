import type { FindingRule } from './finding-rule.ts';

/** Every rule, in the order of the documentation. The order decides nothing. */
export const RULES: readonly FindingRule[] = [];
