import { COMPARATORS, type Comparator } from './check.ts';
import type { TextScanner } from './text-scanner.ts';

/** The spellings of k6, which has JavaScript's, mean the same. */
const STRICT = /([=!])==/y;

/** Reads `<`, `<=`, `==`, … */
export function parseComparator(scanner: TextScanner): Comparator {
  const strict = scanner.take(STRICT);
  if (strict !== null) return strict.startsWith('!') ? '!=' : '==';
  const comparator = scanner.takeOne(COMPARATORS);
  return comparator ?? scanner.fail(`expected one of ${COMPARATORS.join(' ')}`);
}
