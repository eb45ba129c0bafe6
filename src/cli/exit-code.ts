import type { FailureKind } from '../model/user-error.ts';

/** What the process ends with. Several at once: the first of 70, 3, 2, 1, 4, 0 that applies. 1 and 4 come from a verdict. */
export const EXIT = {
  done: 0,
  usage: 2,
  input: 3,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** The exit code of a failure that the user can mend. */
export function exitCodeOf(kind: FailureKind): number {
  return kind === 'usage' ? EXIT.usage : EXIT.input;
}
