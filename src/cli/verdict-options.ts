import { type Command, InvalidArgumentError, Option } from 'commander';

/** What commands that give a verdict let their user say. */
export interface VerdictOptions {
  readonly check?: readonly string[];
  readonly config?: string;
  readonly failOn?: readonly string[];
  readonly alpha?: string;
  readonly minEffect?: string;
  readonly minAbs?: string;
  readonly requireData?: boolean;
  readonly allowEmpty?: boolean;
  readonly exitCodeMap?: readonly string[];
  /** `KIND=PATH`, `-` for standard output. */
  readonly out?: readonly string[];
}

export function addVerdictOptions(command: Command): Command {
  return command
    .option(
      '--check <expression>',
      'what must hold, e.g. "p95[cart] < 200ms"; may be repeated',
      moreText,
    )
    .option('--config <file>', 'checks, suppressions and options e.g. tracecli.yaml')
    .addOption(
      new Option(
        '--fail-on <what>',
        'what exits 1: check, regression, finding:<severity>, any, never; may be repeated (default: check and regression)',
      ).argParser(moreText),
    )
    .option('--alpha <probability>', 'the accepted chance of a false alarm (default: 0.05)')
    .option('--min-effect <share>', 'changes that are surely smaller do not count (default: 10%)')
    .option(
      '--min-abs <duration>',
      'nor do these (default: 1ms for requests, less for short operations)',
    )
    .option('--require-data', 'exit 4 when there is too little data to decide')
    .option('--allow-empty', 'a check of something that does not occur passes')
    .option(
      '--exit-code-map <from=to>',
      'exit otherwise for a verdict, e.g. 1=99; may be repeated',
      moreText,
    )
    .option(
      '--out <kind=path>',
      'also write this: json, markdown, junit, sarif, github, csv, openmetrics or gitlab-codequality; - is standard output',
      outputs,
    );
}

export function moreText(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

export const OUTPUTS = [
  'json',
  'markdown',
  'junit',
  'sarif',
  'github',
  'csv',
  'openmetrics',
  'gitlab-codequality',
] as const;
export type OutputKind = (typeof OUTPUTS)[number];

function outputs(text: string, before: readonly string[] = []): string[] {
  const [kind = ''] = text.split('=', 1);
  if (!OUTPUTS.some((known) => known === kind) || !text.includes('=') || text.endsWith('='))
    throw new InvalidArgumentError(`It takes kind=path, kind being one of ${OUTPUTS.join(', ')}.`);
  return [...before, text];
}
