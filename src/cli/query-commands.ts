import { Argument, type Command } from 'commander';
import type { Shell } from './commands/completion.ts';
import type { Io } from './io.ts';
import { count } from './option-values.ts';
import type { OnExit } from './program.ts';

/** What a query on the command line may be. */
const QUERY_HELP = `
A query is TraceQL, or words that must all hold for one span:
  checkout error http.status_code=500 '>200ms' -healthcheck
  '{ resource.service.name = "cart" && status = error } >> { kind = client }'
--explain shows the TraceQL that words stand for, and how many traces each step leaves.
`;

/** Which traces: the same query and options wherever traces are chosen. */
export function addSelection(command: Command): Command {
  return command
    .option('--service <name>', 'only traces with a span of this service')
    .option('--errors', 'only traces with an error')
    .option('--min-duration <duration>', 'only traces at least this long, e.g. 200ms')
    .option('--max-duration <duration>', 'only traces at most this long')
    .option(
      '--since <time>',
      'only traces that start at or after: a date or time, local (UTC with --utc) unless it has a zone, or 2h before the newest trace',
    )
    .option('--until <time>', 'only traces that start before')
    .option('--not <term>', 'a term of the query that must not hold; -term says the same', collect)
    .option('--explain', 'print the TraceQL and the plan in place of the result')
    .addHelpText('after', QUERY_HELP);
}

function collect(term: string, terms: readonly string[] = []): string[] {
  return [...terms, term];
}

/** The commands that are about queries. */
export function queryCommands(program: Command, io: Io, onExit: OnExit): Command[] {
  return [queryCommand(program, io, onExit), exportCommand(program, io, onExit)];
}

/** What makes a shell complete commands, options and queries. Without the options of other commands. */
export function addCompletion(program: Command, io: Io, onExit: OnExit): void {
  program
    .command('completion')
    .description('print the script by which a shell completes commands and queries')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) => {
      const { completion } = await import('./commands/completion.ts');
      onExit(completion(io, shell));
    });
  program
    .command('complete-words', { hidden: true })
    .description('what the last word may become; for the scripts of completion')
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const { completeWords } = await import('./commands/complete-words.ts');
      onExit(completeWords(io, program, words));
    });
}

function queryCommand(program: Command, io: Io, onExit: OnExit): Command {
  const command = program
    .command('query')
    .description('find spans, or measure them over time, with TraceQL')
    .argument('[query...]', "TraceQL or words, e.g. '{ status = error } | rate() by (name)'");
  return addSelection(command)
    .option('--step <duration>', 'length of a step of a series (default: the whole time)')
    .option('--limit <count>', 'how many traces at most', count, 20)
    .option('--json', 'print JSON')
    .action(async (words: string[], _own, command: Command) => {
      const { query } = await import('./commands/query.ts');
      onExit(query(io, { ...command.optsWithGlobals(), words }));
    });
}

function exportCommand(program: Command, io: Io, onExit: OnExit): Command {
  const command = program
    .command('export')
    .description('write traces as OTLP JSON, a line a trace')
    .argument('[query...]', 'TraceQL or words that choose traces');
  return addSelection(command)
    .option('--out <file>', 'where to (default: standard output)')
    .action(async (words: string[], _own, command: Command) => {
      const { exportTraces } = await import('./commands/export.ts');
      onExit(await exportTraces(io, { ...command.optsWithGlobals(), words }));
    });
}
