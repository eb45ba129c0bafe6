import { InvalidArgumentError } from 'commander';
import { BASE_MEMORY_BYTES, MIN_MAX_MEMORY_BYTES } from '../importers/memory-limits.ts';
import { parseBytes } from './parse-bytes.ts';
import { SECTIONS, type Section } from './sections.ts';

/** Values of options, read from what was typed. Commander prints what they throw. */

export function sections(text: string): Section[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !SECTIONS.some((section) => section === name));
  if (wrong !== undefined)
    throw new InvalidArgumentError(`"${wrong}" is not one of ${SECTIONS.join(', ')}.`);
  return SECTIONS.filter((section) => names.includes(section));
}

/** Which traces to set against the rest; `chosenTraces` reads it. */
export function selection(text: string): string {
  if (!/^(?:failed|slow|>=?\d.*|[^=>]+=.*)$/s.test(text))
    throw new InvalidArgumentError('It takes failed, slow, >300ms or attribute=value.');
  return text;
}

export function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('It takes a whole number from 1.');
  return Number(text);
}

/** How much memory an import may take, in bytes. */
export function maxMemory(text: string): number {
  const bytes = parseBytes(text, '--max-memory');
  if (bytes < MIN_MAX_MEMORY_BYTES) {
    throw new InvalidArgumentError(
      `It takes at least ${MIN_MAX_MEMORY_BYTES / 1e6}MB: an import takes ${BASE_MEMORY_BYTES / 1e6} MB whatever it reads.`,
    );
  }
  return bytes;
}

export function percent(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (text === '' || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError('It takes 0 to 100.');
  return value;
}
