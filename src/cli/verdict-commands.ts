import { type Command, Option } from 'commander';
import type { Io } from './io.ts';
import { count } from './option-values.ts';
import type { OnExit } from './program.ts';
import { addVerdictOptions, OUTPUTS } from './verdict-options.ts';

/** The commands that set runs or traces against each other. */
export function verdictCommands(program: Command, io: Io, onExit: OnExit): Command[] {
  return [compareCommand(program, io, onExit), diffCommand(program, io, onExit)];
}

function compareCommand(program: Command, io: Io, onExit: OnExit): Command {
  const command = program
    .command('compare')
    .description('what a run does otherwise than others, and why; exits 1 when it is worse')
    .argument(
      '<run...>',
      'stores, dumps, saved baselines, or attribute=value and TraceQL queries that choose traces of the store; the last is compared with the others, or those after -- with those before',
    )
    .option('--save-baseline <file>', 'write what a later comparison with the current run needs')
    .option(
      '--aa',
      'how far runs of the same build lie apart: the noise, and a --min-effect above it',
    )
    .option('--input-format <name>', 'the format of the dumps', 'auto')
    .option('--top <count>', 'rows per table (default: 10)', count)
    .option('--width <cells>', 'width of the text (default: the terminal, else 120)', count)
    .addOption(
      new Option('--format <format>', 'what to print')
        .choices(['table', ...OUTPUTS])
        .default('table'),
    )
    .option('--json', 'print JSON');
  return addVerdictOptions(command).action(async (runs: string[], _own, command: Command) => {
    const options = command.optsWithGlobals();
    if (options['aa'] === true) {
      const { noise } = await import('./commands/noise.ts');
      onExit(await noise(io, { ...options, runs }));
      return;
    }
    const { compare, splitRuns } = await import('./commands/compare.ts');
    const split = splitRuns(runs, operandsBefore(program, runs.length));
    onExit(await compare(io, { ...options, ...split }));
  });
}

function diffCommand(program: Command, io: Io, onExit: OnExit): Command {
  return program
    .command('diff')
    .description('two traces, one laid over the other; or two runs')
    .argument('<a>', 'any prefix of a trace id that only one trace has, or a run as for compare')
    .argument('<b>', 'the other')
    .option('--width <cells>', 'width of the drawing (default: the terminal, else 120)', count)
    .addOption(
      new Option('--format <format>', 'what to print')
        .choices(['table', 'json', 'markdown', 'csv'])
        .default('table'),
    )
    .option('--json', 'print JSON')
    .action(async (a: string, b: string, _own, command: Command) => {
      const { diff } = await import('./commands/diff.ts');
      onExit(await diff(io, { ...command.optsWithGlobals(), a, b }));
    });
}

/** How many operands stand before `--`; null where there is none. Everything after it is one. Commander keeps what was typed, and types it not. */
function operandsBefore(program: Command, operands: number): number | null {
  const argv: unknown = Reflect.get(program, 'rawArgs');
  const at = Array.isArray(argv) ? argv.indexOf('--') : -1;
  return Array.isArray(argv) && at !== -1 ? operands - (argv.length - at - 1) : null;
}
