import { UserError } from '../model/user-error.ts';
import { checkStore } from './check-store.ts';
import { openedPaths } from './connection.ts';
import { openStore } from './open-store.ts';
import { StoreFailure } from './store-failure.ts';

/**
 * What explains an error that nobody foresaw, if something does: a store that this process has opened is damaged. Damage takes too many forms to be looked for
 * wherever something is read; whoever falls over it asks here. Takes as long as `checkStore`. Null when all stores are sound.
 */
export function foundDamage(cause: unknown): UserError | null {
  for (const path of openedPaths()) {
    const problems = problemsOf(path);
    if (problems.length === 0) continue;
    return new StoreFailure('input', `the store ${path} is damaged`, {
      where: problems.slice(0, SHOWN),
      fix: 'see what is damaged with tracecli store check, and import the dumps again into another file',
      cause,
    });
  }
  return null;
}

const SHOWN = 3;

function problemsOf(path: string): readonly string[] {
  try {
    const store = openStore(path, 'read');
    try {
      return checkStore(store).flatMap(({ problems }) => problems);
    } finally {
      store.close();
    }
  } catch (error) {
    // A store that is gone, as a temporary one is by now, explains nothing.
    if (error instanceof StoreFailure) return error.where;
    if (error instanceof UserError) return [];
    return [error instanceof Error ? error.message : String(error)];
  }
}
