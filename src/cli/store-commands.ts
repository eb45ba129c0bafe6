import type { Command } from 'commander';
import type { Io } from './io.ts';
import { count } from './option-values.ts';
import type { OnExit } from './program.ts';

/** `tracecli store …`: what keeps the store in order. Returns the subcommands. */
export function storeCommands(program: Command, io: Io, onExit: OnExit): Command[] {
  const store = program.command('store').description('look after the store');
  return [
    infoCommand(store, io, onExit),
    checkCommand(store, io, onExit),
    pruneCommand(store, io, onExit),
    vacuumCommand(store, io, onExit),
  ];
}

function infoCommand(store: Command, io: Io, onExit: OnExit): Command {
  return store
    .command('info')
    .description('path, size, what is in it, what was imported')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const { storeInfoCommand } = await import('./commands/store-info.ts');
      onExit(storeInfoCommand(io, command.optsWithGlobals()));
    });
}

function checkCommand(store: Command, io: Io, onExit: OnExit): Command {
  return store
    .command('check')
    .description('look for damage; exits 3 when there is any')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const { storeCheckCommand } = await import('./commands/store-check.ts');
      onExit(storeCheckCommand(io, command.optsWithGlobals()));
    });
}

function pruneCommand(store: Command, io: Io, onExit: OnExit): Command {
  return store
    .command('prune')
    .description('remove whole traces, oldest first, until all that is asked for holds')
    .option(
      '--older-than <time>',
      'remove traces that start earlier: a date or time, local (UTC with --utc) unless it has a zone, or 7d before the newest trace',
    )
    .option('--keep <traces>', 'keep so many of the newest traces', count)
    .option('--max-size <size>', 'make the file no larger than e.g. 1GB; rewrites it')
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const { storePruneCommand } = await import('./commands/store-prune.ts');
      onExit(storePruneCommand(io, command.optsWithGlobals()));
    });
}

function vacuumCommand(store: Command, io: Io, onExit: OnExit): Command {
  return store
    .command('vacuum')
    .description('rewrite the file without the room of what was removed; needs as much free space')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const { storeVacuumCommand } = await import('./commands/store-vacuum.ts');
      onExit(storeVacuumCommand(io, command.optsWithGlobals()));
    });
}
