import type { KeyScreen } from './key-table.ts';
import { allBindings, type Binding, namedBindings } from './keymap.ts';
import type { AppEvent } from './state/update.ts';

/** What a typed word stands for. */
export type PlainWord =
  | { readonly kind: 'events'; readonly events: readonly AppEvent[] }
  /** Nothing; `answer` says why, and what may have been meant. */
  | { readonly kind: 'unknown'; readonly answer: string };

/** What people type for keys that have no letter. */
const KEY_NAMES =
  'enter escape tab space backspace up down left right home end pageup pagedown shift-tab shift-left shift-right'.split(
    ' ',
  );
const OTHER_KEYS = /^(?:ctrl-.|f\d+)$/;

/** The name of `names` that is most likely meant; null when none is near. */
export type Nearest = (typed: string, names: readonly string[]) => string | null;

/**
 * Reads one word on a screen: the name of a command (those of `tracecli keys --ids`), the name of a key, one letter, or the same
 * letter several times. Other words are not keys side by side: a mistyped word must not do what its letters would do.
 */
export function plainWord(word: string, screen: KeyScreen, nearest: Nearest): PlainWord {
  const named = namedBindings(screen).find(({ id }) => id === word);
  if (named) {
    const [key = ''] = named.keys;
    return { kind: 'events', events: [{ kind: 'command', command: named.id, key }] };
  }
  const isKey = KEY_NAMES.includes(word) || OTHER_KEYS.test(word);
  if (isKey) return { kind: 'events', events: [{ kind: 'key', key: word, text: '' }] };
  const letters = Array.from(word);
  if (new Set(letters).size === 1) {
    const events = letters.map((key) => ({ kind: 'key', key, text: key }) as const);
    return { kind: 'events', events };
  }
  return { kind: 'unknown', answer: unknownAnswer(word, screen, nearest) };
}

function unknownAnswer(word: string, screen: KeyScreen, nearest: Nearest): string {
  const elsewhere = allBindings().filter(({ id }) => id === word);
  if (elsewhere.length > 0) {
    return `"${word}" means nothing here but on: ${screensOf(elsewhere).join(', ')}. Nothing was done.`;
  }
  const ids = [...new Set(namedBindings(screen).map(({ id }) => id))];
  const near = nearest(word, [...ids, ...KEY_NAMES, ...PLAIN_COMMANDS]);
  const hint = near === null ? '"help" lists the commands' : `the nearest is "${near}"`;
  return `"${word}" is no command here; ${hint}. Nothing was done.`;
}

/** Words of the conversation itself. */
const PLAIN_COMMANDS = ['rows', 'help'] as const;

function screensOf(bindings: readonly Binding[]): readonly KeyScreen[] {
  return [...new Set(bindings.flatMap(({ screens }) => screens))];
}
