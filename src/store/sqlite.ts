import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';
import { UserError } from '../model/user-error.ts';

/**
 * The name of the better-sqlite3 that runs on this Node. Version 12 aborts the process on Node 24.19 and later (its objects unregister
 * a clean-up hook when they are collected, at a moment when Node has no environment); version 13 needs Node-API 10, which Node 20 has not.
 * Both speak the same interface.
 */
const PACKAGE =
  Number.parseInt(process.versions.node, 10) >= 22 ? 'better-sqlite3-13' : 'better-sqlite3';

const require = createRequire(import.meta.url);

/** better-sqlite3. Throws a `UserError` of kind `input` where it was not installed for this Node. */
export const sqlite: typeof Database = load();

function load(): typeof Database {
  try {
    return require(PACKAGE);
  } catch (cause) {
    throw notInstalled(cause);
  }
}

/** What to do when the addon is missing or was compiled for another Node. */
export function notInstalled(cause: unknown): UserError {
  return new UserError('input', 'better-sqlite3 is not installed for this Node', {
    where: [`this is Node ${process.versions.node}`],
    fix: 'npm rebuild better-sqlite3, or npm ci; on Node 20 it may have to be compiled, which needs Python 3, make and a C++ compiler',
    cause,
  });
}
