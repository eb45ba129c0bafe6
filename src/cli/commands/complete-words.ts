import { existsSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { cleanText } from '../../report/clean-text.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { completeQuery } from '../../traceql/complete-query.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { storePath } from '../store-path.ts';
import { storeVocabulary } from '../store-vocabulary.ts';

/** Commands whose words are a query. */
const QUERYING = ['traces', 'analyze', 'query', 'export'];

/**
 * Prints what the last of `words`, the arguments typed so far, may become, a candidate a line: commands, options and their choices,
 * and in queries the services, operations, attributes and values of the store. Prints nothing where it knows nothing.
 */
export function completeWords(io: Io, program: Command, words: readonly string[]): number {
  const last = words.at(-1) ?? '';
  const earlier = words.slice(0, -1);
  const { command, rest } = commandOf(program, earlier);
  const candidates = candidatesFor(io, command, rest, earlier, last);
  for (const candidate of candidates) io.stdout.write(`${cleanText(candidate)}\n`);
  return EXIT.done;
}

/** The innermost command that the words name, and the words behind its name. */
function commandOf(program: Command, words: readonly string[]) {
  let command = program;
  let rest = words.filter((word) => !word.startsWith('-'));
  for (;;) {
    const [name] = rest;
    const next = command.commands.find((one) => one.name() === name);
    if (next === undefined) return { command, rest };
    command = next;
    rest = rest.slice(1);
  }
}

function candidatesFor(
  io: Io,
  command: Command,
  rest: readonly string[],
  earlier: readonly string[],
  last: string,
): readonly string[] {
  const option = optionBefore(command, earlier.at(-1));
  if (option !== null) return optionValues(io, option, earlier, last);
  if (last.startsWith('--')) return startingWith(optionNames(command), last);
  if (command.commands.length > 0 && rest.length === 0) {
    return startingWith(
      command.commands.map((one) => one.name()).filter((name) => name !== 'complete-words'),
      last,
    );
  }
  if (QUERYING.includes(command.name())) {
    return withStore(io, earlier, (store) => {
      const { from, candidates } = completeQuery(last, last.length, storeVocabulary(store));
      return candidates.map((candidate) => last.slice(0, from) + candidate);
    });
  }
  const [argument] = command.registeredArguments;
  return startingWith(argument?.argChoices ?? [], last);
}

function startingWith(candidates: readonly string[], typed: string): string[] {
  return candidates.filter((candidate) => candidate.startsWith(typed));
}

function optionNames(command: Command): string[] {
  return command.options
    .filter(({ hidden }) => !hidden)
    .map(({ long, short }) => long ?? short ?? '');
}

/** The option that takes the next word as its value. */
function optionBefore(command: Command, word: string | undefined): Option | null {
  const option = command.options.find(({ long, short }) => word === long || word === short);
  return word !== undefined && option?.required ? option : null;
}

function optionValues(
  io: Io,
  option: Option,
  earlier: readonly string[],
  last: string,
): readonly string[] {
  if (option.long === '--service') {
    return withStore(io, earlier, (store) => startingWith(storeVocabulary(store).services(), last));
  }
  return startingWith(option.argChoices ?? [], last);
}

/** Nothing where there is no store, or none that can be read: nobody wants an error below the line they type. */
function withStore(
  io: Io,
  words: readonly string[],
  work: (store: Store) => readonly string[],
): readonly string[] {
  const at = words.indexOf('--store');
  const path = storePath(io, at < 0 ? undefined : words[at + 1]);
  if (!existsSync(path)) return [];
  try {
    const store = openStore(path, 'read');
    try {
      return work(store);
    } finally {
      store.close();
    }
  } catch {
    return [];
  }
}
