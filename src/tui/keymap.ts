import { ITEMS, KEY_TABLE, type KeyScreen, SCREENS } from './key-table.ts';

export type KeyGroup = keyof typeof KEY_TABLE;
export type CommandId = (typeof KEY_TABLE)[KeyGroup][number][0];

/** What a key does on some screens. */
export interface Binding {
  readonly id: CommandId;
  readonly keys: readonly string[];
  readonly screens: readonly KeyScreen[];
  readonly title: string;
  /** Null where the help is enough. */
  readonly hint: string | null;
  readonly group: KeyGroup;
}

/** Other keys for some commands, as the user's configuration has them. */
export type KeyOverrides = ReadonlyMap<string, readonly string[]>;

function bindingsOfGroup(group: KeyGroup): Binding[] {
  return KEY_TABLE[group].map(([id, keys, screens, title, hint]) => ({
    id,
    keys: keys.split(' '),
    screens,
    title,
    hint: hint ?? null,
    group,
  }));
}

/** The table as objects, in its order. */
export const KEYMAP: readonly Binding[] = (Object.keys(KEY_TABLE) as KeyGroup[]).flatMap(
  bindingsOfGroup,
);

/** The table with the user's keys, and what each key stands for. */
interface Keys {
  readonly bindings: readonly Binding[];
  /** By screen and key. */
  readonly commands: ReadonlyMap<string, CommandId>;
}

function keysOf(bindings: readonly Binding[]): Keys {
  const commands = bindings.flatMap(({ id, keys, screens }) =>
    screens.flatMap((screen) => keys.map((key) => [`${screen} ${key}`, id] as const)),
  );
  return { bindings, commands: new Map(commands) };
}

/** Set once, before the explorer opens. */
let current: Keys = keysOf(KEYMAP);

/** Gives commands other keys; those that are not named keep theirs. */
export function rebindKeys(overrides: KeyOverrides): void {
  current = keysOf(withOverrides(overrides));
}

function withOverrides(overrides: KeyOverrides): Binding[] {
  return KEYMAP.map((binding) => ({ ...binding, keys: overrides.get(binding.id) ?? binding.keys }));
}

/** A key that would stand for two commands on one screen; null when there is none. */
export function keyConflict(overrides: KeyOverrides): {
  readonly key: string;
  readonly commands: readonly [CommandId, CommandId];
  readonly screen: KeyScreen;
} | null {
  const seen = new Map<string, CommandId>();
  for (const { id, keys, screens } of withOverrides(overrides)) {
    for (const screen of screens) {
      for (const key of keys) {
        const other = seen.get(`${screen} ${key}`);
        if (other !== undefined && other !== id) return { key, commands: [other, id], screen };
        seen.set(`${screen} ${key}`, id);
      }
    }
  }
  return null;
}

/** All bindings with the user's keys. */
export function allBindings(): readonly Binding[] {
  return current.bindings;
}

/** The bindings that work on `screen`, in the order of the table. */
export function bindingsOf(screen: KeyScreen): readonly Binding[] {
  return current.bindings.filter(({ screens }) => screens.includes(screen));
}

/** What can be called by its name on `screen`: what has a key there, and the main screens, whose digits fold in a waterfall. */
export function namedBindings(screen: KeyScreen): readonly Binding[] {
  const here = bindingsOf(screen);
  if (screen !== 'waterfall') return here;
  return [...here, ...current.bindings.filter(({ id }) => id.startsWith('go-'))];
}

/** The command that `key` stands for on `screen`, null if none. */
export function commandOf(screen: KeyScreen, key: string): CommandId | null {
  return current.commands.get(`${screen} ${key}`) ?? null;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  enter: 'Enter',
  escape: 'Esc',
  backspace: 'Backspace',
  space: 'Space',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  'shift-left': 'Shift-←',
  'shift-right': 'Shift-→',
  f1: 'F1',
};

const ASCII_ARROWS: Readonly<Record<string, string>> = {
  '↑': 'Up',
  '↓': 'Down',
  '←': 'Left',
  '→': 'Right',
};

/** A key as people write it: `Ctrl-D`, `PgUp`, `↑` (`Up` where arrows cannot be drawn). */
export function keyLabel(key: string, isUnicode: boolean): string {
  const name =
    KEY_NAMES[key] ??
    key.replace(/^ctrl-(.)$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);
  return isUnicode ? name : name.replace(/[↑↓←→]/, (arrow) => ASCII_ARROWS[arrow] ?? arrow);
}

/** All keys of a binding as people write them; a row of digits by its ends. */
export function keyLabels(keys: readonly string[], isUnicode: boolean): string {
  const isDigits = keys.length > 2 && keys.every((key) => /^\d$/.test(key));
  if (isDigits) return `${keys[0]}${isUnicode ? '…' : '-'}${keys.at(-1)}`;
  return keys.map((key) => keyLabel(key, isUnicode)).join(' ');
}

/** Many screens by one word each, the more first. */
const SCREEN_SETS: readonly (readonly [string, readonly KeyScreen[]])[] = [
  ['everywhere', [...SCREENS, 'help']],
  ['all screens', SCREENS],
  ['all but waterfall', SCREENS.filter((screen) => screen !== 'waterfall')],
  ['all but span', SCREENS.filter((screen) => screen !== 'span')],
  [
    'all but waterfall and span',
    SCREENS.filter((screen) => screen !== 'waterfall' && screen !== 'span'),
  ],
  ['lists', ITEMS],
];

const NOT_FOLDING: readonly KeyScreen[] = SCREENS.filter((screen) => screen !== 'waterfall');

/** Where a key works, in few words. */
export function screensText(screens: readonly KeyScreen[]): string {
  const rest = new Set(screens);
  const others = NOT_FOLDING.filter((screen) => !rest.has(screen));
  // A digit leads to a screen from everywhere but that screen, and folds in the waterfall. No digit leads to the span.
  const isDigit = others.length === 1 && rest.size === NOT_FOLDING.length - 1;
  if (isDigit && others[0] !== 'span' && !rest.has('waterfall')) return 'all others but waterfall';
  const words: string[] = [];
  for (const [name, set] of SCREEN_SETS) {
    if (!set.every((screen) => rest.has(screen))) continue;
    for (const screen of set) rest.delete(screen);
    words.push(name);
  }
  return [...words, ...rest].join(', ');
}
