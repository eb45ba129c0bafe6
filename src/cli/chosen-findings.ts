import { readFileSync } from 'node:fs';
import {
  type DetectOptions,
  detect,
  type FindingsAccumulator,
} from '../analysis/findings/detect.ts';
import type { FindingRule, RuleParam } from '../analysis/findings/finding-rule.ts';
import { RULES } from '../analysis/findings/rules.ts';
import { UserError } from '../model/user-error.ts';
import { listImports } from '../store/import-log.ts';
import type { Store } from '../store/open-store.ts';
import type { FindingOptions } from './finding-options.ts';
import { nearestName } from './nearest-name.ts';

/** Which findings to look for, and which of them to leave out. */
export interface ChosenFindings extends DetectOptions {
  /** Beginnings of fingerprints. */
  readonly suppressed: readonly string[];
}

/** What the options ask for. Throws a `UserError` for rules and thresholds that there are not, naming the nearest. */
export function chosenFindings(options: FindingOptions): ChosenFindings {
  const { onlyRule, disableRule = [], param = [], allowHosts = [], suppress } = options;
  for (const name of onlyRule ?? []) checkRule('--only-rule', name);
  for (const name of disableRule) checkRule('--disable-rule', name);
  const params = Object.fromEntries(param.map(parameter));
  return {
    ...(onlyRule && { only: onlyRule }),
    disabled: disableRule,
    params: {
      ...params,
      ...(allowHosts.length > 0 && { 'external-host.allowedHosts': allowHosts }),
    },
    suppressed: suppress === undefined ? [] : readFingerprints(suppress),
  };
}

/** Looks for the chosen findings in traces of a store, which knows when they were read. */
export function detectorOf(
  store: Store,
  { params, ...chosen }: ChosenFindings,
): FindingsAccumulator {
  const readAt = listImports(store).map(({ importedAt }) => Date.parse(importedAt));
  return detect(RULES, {
    ...chosen,
    params: { 'data-quality.readAtUnixMs': Math.max(0, ...readAt), ...params },
  });
}

/** Names of everything that is reported; a rule may report several kinds of findings. */
const FINDINGS = RULES.flatMap(({ advice }) => Object.keys(advice));

function checkRule(option: string, name: string): void {
  if (!FINDINGS.includes(name)) throw unknownRule(`${option} ${name}`, name, FINDINGS, option);
}

function unknownRule(
  typed: string,
  name: string,
  known: readonly string[],
  option: string,
): UserError {
  const nearest = nearestName(name, known);
  return new UserError('usage', `"${name}" is not a rule`, {
    where: [`in ${typed}`],
    fix: nearest === null ? 'tracecli rules lists them' : `${option} ${nearest}`,
  });
}

/** `rule.threshold=value`, or as in a configuration `detect.rule.threshold=value`. */
function parameter(text: string): [string, RuleParam] {
  const typed = `--param ${text}`;
  const [, key = '', value = ''] = /^(?:detect\.)?([^=]*)=(.*)$/s.exec(text) ?? [];
  const dot = key.indexOf('.');
  if (dot === -1) {
    throw new UserError('usage', `${typed} names no threshold`, {
      fix: 'write --param rule.threshold=value, e.g. --param slow-db.minDurationMs=200',
    });
  }
  const [ruleName, name] = [key.slice(0, dot), key.slice(dot + 1)];
  const rule = RULES.find((known) => known.name === ruleName);
  if (rule === undefined) {
    const withParams = RULES.filter(({ params }) => Object.keys(params).length > 0);
    const known = withParams.map((other) => other.name);
    throw unknownRule(typed, ruleName, known, '--param');
  }
  return [key, thresholdOf(rule, name, value, typed)];
}

function thresholdOf(
  { name: rule, params }: FindingRule,
  name: string,
  text: string,
  typed: string,
) {
  const standard = Object.entries(params).find(([known]) => known === name)?.[1];
  if (standard === undefined) {
    const names = Object.keys(params);
    const nearest = nearestName(name, names);
    throw new UserError('usage', `the rule ${rule} has no threshold "${name}"`, {
      where: [`in ${typed}`, names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`],
      ...(nearest && { fix: `--param ${rule}.${nearest}=${text}` }),
    });
  }
  if (typeof standard !== 'number') return text.split(',').map((part) => part.trim());
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new UserError('usage', `${typed}: the threshold is a number from 0`, {
      fix: `--param ${rule}.${name}=${standard}, which is the default`,
    });
  }
  return value;
}

/** A fingerprint a line, or the beginning of one; blank lines and what follows a # are comments. */
function readFingerprints(file: string): string[] {
  const lines = fileText(file).split(/\r?\n/);
  return lines.flatMap((line, index) => {
    const text = line.replace(/#.*/s, '').trim().toLowerCase();
    if (text === '') return [];
    if (!/^[0-9a-f]{8,32}$/.test(text)) {
      throw new UserError('usage', `"${text}" is not a fingerprint`, {
        where: [`${file}, line ${index + 1}`],
        fix: 'write 8 to 32 hex digits, as tracecli analyze --only findings prints them',
      });
    }
    return [text];
  });
}

function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError('usage', `cannot read ${file}`, {
      where: ['the file of --suppress'],
      fix: 'check the path and its permissions',
      cause,
    });
  }
}
