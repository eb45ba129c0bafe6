import type { Command } from 'commander';
import type { Io } from './io.ts';
import { count } from './option-values.ts';
import type { OnExit } from './program.ts';

/** Rows of an answer when nothing else is asked for. */
const DEFAULT_ROWS = 1000;

/** `tracecli sql`. */
export function sqlCommand(program: Command, io: Io, onExit: OnExit): Command {
  return program
    .command('sql')
    .description('query the store in SQL, read-only')
    .argument('<select>', "one statement, e.g. 'SELECT service, count(*) FROM spans GROUP BY 1'")
    .option('--limit <rows>', 'print at most so many rows', count, DEFAULT_ROWS)
    .option('--timeout <duration>', 'give up after that time; 0: never', '60s')
    .option('--json', 'print JSON')
    .addHelpText('after', VIEWS)
    .action(async (sql: string, _own, command: Command) => {
      const { sqlCommand } = await import('./commands/sql.ts');
      onExit(await sqlCommand(io, { ...command.optsWithGlobals(), sql }));
    });
}

const VIEWS = `
Views: traces, spans, attributes, events, links. Times and durations are exact integers in nanoseconds, ids are lower-case hex.

Examples:
  tracecli sql 'SELECT name, max(duration_ns) / 1e6 AS ms FROM spans GROUP BY name ORDER BY ms DESC LIMIT 5'
  tracecli sql "SELECT value, count(*) FROM attributes WHERE key = 'http.response.status_code' GROUP BY value"
`;
