import type { Command } from 'commander';

/** What commands that look for findings let their user choose. */
export interface FindingOptions {
  readonly onlyRule?: readonly string[];
  readonly disableRule?: readonly string[];
  /** `rule.threshold=value`. */
  readonly param?: readonly string[];
  readonly allowHosts?: readonly string[];
  /** A file of fingerprints. */
  readonly suppress?: string;
}

export function addFindingOptions(command: Command): Command {
  return command
    .option(
      '--only-rule <rules>',
      'only findings of these rules (tracecli rules lists them)',
      names,
    )
    .option('--disable-rule <rules>', 'no findings of these rules', names)
    .option(
      '--param <rule.threshold=value>',
      'a threshold of a rule, e.g. slow-db.minDurationMs=200; may be repeated',
      oneMore,
    )
    .option(
      '--allow-hosts <hosts>',
      'hosts that may be called, e.g. api.example.com,*.internal; all others are findings',
      names,
    )
    .option('--suppress <file>', 'leave out the findings whose fingerprints the file lists');
}

function names(text: string, before: readonly string[] = []): string[] {
  const some = text.split(',').map((name) => name.trim());
  return [...before, ...some.filter((name) => name !== '')];
}

/** A value may hold commas: lists of hosts do. */
function oneMore(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
