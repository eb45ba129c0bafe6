import { Argument, Command, Option } from 'commander';
import { TRACE_SORTS } from '../model/trace-summary.ts';
import { cleanLines } from '../report/clean-text.ts';
import { addFindingOptions } from './finding-options.ts';
import type { Io } from './io.ts';
import { count, maxMemory, percent, sections, selection } from './option-values.ts';
import { addCompletion, addSelection, queryCommands } from './query-commands.ts';
import { SECTIONS } from './sections.ts';
import { sqlCommand } from './sql-command.ts';
import { storeCommands } from './store-commands.ts';
import { verdictCommands } from './verdict-commands.ts';
import { addVerdictOptions, moreText, OUTPUTS } from './verdict-options.ts';
import { VERSION } from './version.ts';

/** Receives the exit code of the command that ran. */
export type OnExit = (code: number) => void;

/**
 * The whole command line in one place. What a command does is loaded only when it runs, so that `--version` and `--help` cost
 * little more than starting Node.
 */
export function createProgram(io: Io, onExit: OnExit): Command {
  const program = new Command('tracecli');
  program
    .description(
      'Explore trace dumps (Jaeger, Zipkin, OpenTelemetry) in the terminal, without a server.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help')
    .showSuggestionAfterError()
    .enablePositionalOptions(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // The text quotes what was typed, which may have come from anywhere.
      writeErr: (text) => io.stderr.write(cleanLines(text)),
    })
    .addHelpText('after', EXAMPLES);

  for (const command of [
    rootCommand(program, io, onExit),
    importCommand(program, io, onExit),
    uiCommand(program, io, onExit),
    keysCommand(program, io, onExit),
    tracesCommand(program, io, onExit),
    showCommand(program, io, onExit),
    analyzeCommand(program, io, onExit),
    rulesCommand(program, io, onExit),
    ...queryCommands(program, io, onExit),
    ...verdictCommands(program, io, onExit),
    sqlCommand(program, io, onExit),
    ...storeCommands(program, io, onExit),
    schemaCommand(program, io, onExit),
  ]) {
    addGlobalOptions(command);
  }
  addCompletion(program, io, onExit);
  return program;
}

const EXAMPLES = `
Examples:
  tracecli dump.json.gz                    explore a dump; in a pipe, print its analysis
  tracecli import traces/ 'more/*.jsonl'   load dumps into the store
  curl -s $JAEGER/api/traces/$ID | tracecli import -
  tracecli traces checkout error           find the failed checkouts
  tracecli query '{ status = error } | rate() by (name)' --step 1m
  tracecli show 4bf92f                     one trace as a waterfall (any prefix of its id)
  tracecli analyze --json | jq .errors     what is slow, what is broken, for scripts
`;

/** Options that every command takes; they may stand before or after its name. */
function addGlobalOptions(command: Command): void {
  command
    .option('--store <path>', 'the store (default: $TRACECLI_STORE, else the XDG data directory)')
    .addOption(
      new Option('--color <when>', 'colours in the output (default: auto)').choices([
        'auto',
        'always',
        'never',
      ]),
    )
    .option('--utc', 'print times, and read those without a zone, in UTC instead of local time')
    .option('-q, --quiet', 'print no progress and no notes')
    .option('-v, --verbose', 'print more: every issue, every file');
}

function rootCommand(program: Command, io: Io, onExit: OnExit): Command {
  return program
    .argument(
      '[dump...]',
      'dumps to import into a temporary store and explore; none: explore the store',
    )
    .option(
      '--max-memory <size>',
      'the most memory that reading dumps may take (default: 200MB)',
      maxMemory,
    )
    .action(async (dumps: string[], _own, command: Command) => {
      const { explore } = await import('./commands/explore.ts');
      onExit(
        await explore(io, { ...command.optsWithGlobals(), dumps, commands: commandNames(program) }),
      );
    });
}

function commandNames(program: Command): string[] {
  return program.commands.map((command) => command.name());
}

function importCommand(program: Command, io: Io, onExit: OnExit): Command {
  return program
    .command('import')
    .description('load dumps into the store')
    .addArgument(
      new Argument(
        '<dump...>',
        'files, directories, globs, or - for standard input; gzip and Zstandard are seen by themselves',
      ),
    )
    .option('--format <name>', 'the format, when it cannot be told from the content', 'auto')
    .option('--replace', 'empty the store first')
    .option('--strict', 'exit 3 when anything had to be dropped')
    .option(
      '--max-bad-records <percent>',
      'exit 3 when more than this share of a dump was dropped',
      percent,
    )
    .option(
      '--max-memory <size>',
      'the most memory that the import may take (default: 200MB)',
      maxMemory,
    )
    .option('--no-progress', 'no progress bar')
    .option('--json', 'print the result as JSON')
    .action(async (dumps: string[], _own, command: Command) => {
      const { importCommand } = await import('./commands/import.ts');
      onExit(await importCommand(io, { ...command.optsWithGlobals(), dumps }));
    });
}

function uiCommand(program: Command, io: Io, onExit: OnExit): Command {
  return program
    .command('ui')
    .description('explore the store interactively')
    .option('--trace <id>', 'open this trace; any prefix of its id will do')
    .option('--span <id>', 'and go to this span')
    .option('--filter <text>', 'and show only what this finds of it, e.g. db.system=redis')
    .option('--zoom <from..to>', 'and only this time of it, e.g. 10ms..20ms')
    .option('--screen <name>', 'the screen to begin with: overview, traces, services, …')
    .option('--plain', 'lines of text instead of a screen, for screen readers')
    .action(async (_own, command: Command) => {
      const { explore } = await import('./commands/explore.ts');
      onExit(await explore(io, { ...command.optsWithGlobals(), dumps: [], commands: [] }));
    });
}

function keysCommand(program: Command, io: Io, onExit: OnExit): Command {
  return program
    .command('keys')
    .description('print the keys of the explorer')
    .option('--ids', 'with the names by which the configuration knows the commands')
    .action(async (_own, command: Command) => {
      const { keys } = await import('./commands/keys.ts');
      onExit(await keys(io, command.optsWithGlobals()));
    });
}

function tracesCommand(program: Command, io: Io, onExit: OnExit): Command {
  const command = program
    .command('traces')
    .description('list traces')
    .argument('[query...]', 'TraceQL, or words that must all hold for one span; see below');
  return addSelection(command)
    .addOption(new Option('--sort <by>', 'order').choices([...TRACE_SORTS]).default('start'))
    .option('--reverse', 'smallest or oldest first')
    .option('--limit <count>', 'how many at most', count, 50)
    .option('--json', 'print JSON')
    .action(async (words: string[], _own, command: Command) => {
      const { traces } = await import('./commands/traces.ts');
      onExit(traces(io, { ...command.optsWithGlobals(), words }));
    });
}

function showCommand(program: Command, io: Io, onExit: OnExit): Command {
  const command = program
    .command('show')
    .description('draw one trace as a waterfall')
    .argument('<traceId>', 'the id or any prefix of it that only one trace has')
    .option('--width <cells>', 'width of the drawing (default: the terminal, else 120)', count)
    .option('--depth <levels>', 'only so many levels deep', count)
    .option('--critical-path-only', 'only spans on the critical path')
    .option('--limit <spans>', 'draw so many spans at most, those that matter most', count, 500)
    .option('--all', 'draw every span: no limit, and no folding of siblings that do the same')
    .option(
      '--infer-errors',
      'count HTTP and gRPC status codes as errors where the status is unset',
    )
    .option('--json', 'print JSON');
  return addFindingOptions(command)
    .addHelpText('after', LIMITS_OF_INFERENCE)
    .action(async (traceId: string, _own, command: Command) => {
      const { show } = await import('./commands/show.ts');
      onExit(show(io, { ...command.optsWithGlobals(), traceId }));
    });
}

const LIMITS_OF_INFERENCE = `
The critical path is inferred from times and parents. Times cannot show which of two siblings waited for the other, a
fire-and-forget call that ends in time looks as if somebody waited for it, and clock skew is centred, not measured.
`;

function analyzeCommand(program: Command, io: Io, onExit: OnExit): Command {
  const command = program
    .command('analyze')
    .description('what is slow, what is broken, who calls whom')
    .argument(
      '[query or dump...]',
      'dumps (files, or - for standard input) are analysed alone; other words, or TraceQL, choose traces',
    );
  addSelection(command)
    .option('--only <sections>', `some of ${SECTIONS.join(',')}; with more detail`, sections)
    .option(
      '--group-by <key>',
      'what the critical path and latency are grouped by: service, operation, or any attribute',
      'operation',
    )
    .option('--top <count>', 'rows per table (default: 5, with --only 10)', count)
    .option('--width <cells>', 'width of the text (default: the terminal, else 120)', count)
    .option(
      '--separate <traces>',
      'which traces to set against the rest: failed, slow, >300ms, attribute=value (default: failed and slow)',
      selection,
    )
    .option('--exact', 'exact percentiles also of operations with more than 100,000 spans')
    .option(
      '--infer-errors',
      'count HTTP and gRPC status codes as errors where the status is unset',
    )
    .option('--input-format <name>', 'the format of the dumps', 'auto')
    .option(
      '--max-memory <size>',
      'the most memory that reading dumps may take (default: 200MB)',
      maxMemory,
    )
    .addOption(
      new Option(
        '--format <format>',
        'text, the graph of dependencies for Graphviz or Mermaid, or the verdict for a pipeline',
      )
        .choices(['text', 'dot', 'mermaid', ...OUTPUTS])
        .default('text'),
    )
    .option('--json', 'print JSON')
    .option(
      '--baseline <run>',
      'compare with this: a store, a dump or a saved baseline; may be repeated',
      moreText,
    )
    .option('--save-baseline <file>', 'write what a later comparison needs');
  return addFindingOptions(addVerdictOptions(command))
    .addHelpText('after', LIMITS_OF_INFERENCE)
    .action(async (args: string[], _own, command: Command) => {
      const { analyze } = await import('./commands/analyze.ts');
      onExit(await analyze(io, { ...command.optsWithGlobals(), args }));
    });
}

function rulesCommand(program: Command, io: Io, onExit: OnExit): Command {
  return program
    .command('rules')
    .description('list what findings there are, with the thresholds of their rules')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const { rules } = await import('./commands/rules.ts');
      onExit(rules(io, command.optsWithGlobals()));
    });
}

function schemaCommand(program: Command, io: Io, onExit: OnExit): Command {
  return program
    .command('schema')
    .description('print the JSON Schema of an output or of the configuration')
    .argument(
      '<document>',
      'import, traces, show, analyze, compare, diff, baseline, config (tracecli.yaml), noise, query, explain, rules, sql, store-info, store-check, store-prune, store-vacuum',
    )
    .action(async (name: string) => {
      const { schema } = await import('./commands/schema.ts');
      onExit(schema(io, name));
    });
}
