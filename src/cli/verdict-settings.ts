import { readFileSync } from 'node:fs';
import { UserError } from '../model/user-error.ts';
import { type Check, queriesOf, refersToBaseline } from '../verdict/check.ts';
import type { CompareOptions } from '../verdict/comparison.ts';
import { type Config, type ConfigOption, parseConfig } from '../verdict/config.ts';
import { parseCheck } from '../verdict/parse-check.ts';
import { type Suppression, splitByDay } from '../verdict/suppression.ts';
import { nearestOf } from '../verdict/text-scanner.ts';
import { FAIL_ON_WORDS, type FailOn, type FailOnWord, failOnOf } from '../verdict/verdict.ts';
import { parseDuration } from './parse-duration.ts';
import { COMPILE_QUERIES } from './query-spans.ts';
import type { VerdictOptions } from './verdict-options.ts';

/** The options of a verdict, read, and completed by the configuration file. */
export interface VerdictSettings {
  readonly checks: readonly Check[];
  readonly suppressions: readonly Suppression[];
  readonly expired: readonly Suppression[];
  readonly failOn: readonly FailOn[];
  /** Somebody said that regressions fail, which takes a baseline. */
  readonly namesRegression: boolean;
  readonly compare: CompareOptions;
  readonly requireData: boolean;
  readonly allowEmpty: boolean;
  /** What to exit with in place of 1 or 4. */
  readonly exitCodes: ReadonlyMap<number, number>;
  /** The path of the configuration file, as it was typed. */
  readonly configFile: string | null;
  /** Of the configuration file alone. */
  readonly baseline: readonly string[];
}

/** Reads the options and the configuration file. `today` (`2027-01-31`) decides which suppressions hold. Throws usage errors. */
export function verdictSettings(options: VerdictOptions, today: string): VerdictSettings {
  const config = configOf(options.config);
  const setting = (name: ConfigOption) => config?.options.get(name);
  const { active, expired } = splitByDay(config?.suppressions ?? [], today);
  const minAbs = options.minAbs ?? setting('min-abs')?.[0];
  const words = (options.failOn ?? setting('fail-on'))?.map(failOnWord);
  const checks = [
    ...(config?.checks ?? []),
    ...(options.check ?? []).map((text) => parseCheck(text)),
  ];
  checkQueries(checks);
  return {
    checks,
    suppressions: active,
    expired,
    failOn: failOnOf(words),
    namesRegression: words?.includes('regression') ?? false,
    compare: {
      alpha: share(options.alpha ?? setting('alpha')?.[0] ?? '0.05', '--alpha'),
      minEffect: share(options.minEffect ?? setting('min-effect')?.[0] ?? '10%', '--min-effect'),
      minAbsNs: minAbs === undefined ? null : parseDuration(minAbs, '--min-abs'),
    },
    requireData: options.requireData ?? setting('require-data')?.[0] === 'true',
    allowEmpty: options.allowEmpty ?? false,
    exitCodes: new Map((options.exitCodeMap ?? []).map(exitCodePair)),
    configFile: options.config ?? null,
    baseline: setting('baseline') ?? [],
  };
}

/** What is wrong with the queries of checks is said before data is read. */
function checkQueries(checks: readonly Check[]): void {
  for (const { spans, pipelines } of checks.map(queriesOf)) {
    for (const text of spans) COMPILE_QUERIES.spans(text);
    for (const text of pipelines) COMPILE_QUERIES.trace(text);
  }
}

/** Throws a usage error where something refers to a baseline that nobody named: it could only pass or fail for no reason. */
export function demandBaseline(
  { checks, baseline }: VerdictSettings,
  options: VerdictOptions & { readonly baseline?: readonly string[] },
): void {
  if (options.baseline !== undefined || baseline.length > 0) return;
  const fix = 'add --baseline <store, dump or saved baseline>';
  const relative = checks.filter((check) => refersToBaseline(check) && !check.isOptional);
  const [first] = relative;
  if (first !== undefined)
    throw new UserError(
      'usage',
      `the check "${first.id}" refers to a baseline, and there is none`,
      {
        where: relative.map(({ expr }) => expr),
        fix: `${fix}; in the configuration, optional: true skips it until there is one`,
      },
    );
  if (options.failOn?.includes('regression'))
    throw new UserError('usage', '--fail-on regression takes a baseline, and there is none', {
      fix,
    });
}

function configOf(file: string | undefined): Config | null {
  if (file === undefined) return null;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError('usage', `cannot read ${file}`, {
      where: ['the file of --config'],
      fix: 'check the path and its permissions',
      cause,
    });
  }
  return parseConfig(text, file);
}

function failOnWord(text: string): FailOnWord {
  const word = FAIL_ON_WORDS.find((known) => known === text);
  if (word !== undefined) return word;
  const nearest = nearestOf(text, FAIL_ON_WORDS);
  throw new UserError('usage', `--fail-on does not know "${text}"`, {
    fix: nearest === null ? `one of ${FAIL_ON_WORDS.join(', ')}` : `--fail-on ${nearest}`,
  });
}

/** `1=99`. */
function exitCodePair(text: string): [number, number] {
  const [, from = '', to = ''] = /^([14])=(\d{1,3})$/.exec(text) ?? [];
  if (from !== '' && Number(to) <= 255) return [Number(from), Number(to)];
  throw new UserError('usage', `--exit-code-map does not know "${text}"`, {
    where: ['it maps the codes of a verdict: 1, a gate failed, and 4, too little data'],
    fix: '--exit-code-map 1=99',
  });
}

/** A share above 0 and below 1, as a number or a percentage. */
function share(text: string, option: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text !== '' && value > 0 && value < 1) return value;
  throw new UserError('usage', `${option} takes a share between 0 and 1, not "${text}"`, {
    fix: `${option} 0.05 or ${option} 5%`,
  });
}
