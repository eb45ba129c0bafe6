import type { AppData } from './app-data.ts';
import { chromeState } from './components/chrome-state.ts';
import { keyLabels, namedBindings } from './keymap.ts';
import { type OpeningOptions, openedState } from './opened-state.ts';
import { runPlainEffect } from './plain-effects.ts';
import { type Nearest, plainWord } from './plain-words.ts';
import { type SpokenScreen, spokenScreen } from './spoken/spoken-screen.ts';
import { type AppState, keyScreen, type Surroundings } from './state/app-state.ts';
import { chosenBy, hasChoices, shownChoices } from './state/choice-commands.ts';
import { contextOf } from './state/context-of.ts';
import type { Effect } from './state/effect.ts';
import { type AppEvent, initialState, update } from './state/update.ts';

export interface PlainOptions extends OpeningOptions {
  readonly surroundings: Surroundings;
  readonly first: Parameters<typeof initialState>[2];
  readonly print: (line: string) => void;
  readonly nearest: Nearest;
}

/** Lines are read aloud one by one: no more of them than one asks for. */
const COLUMNS = 120;
const ROWS = 25;
/** Choices told at once; typing narrows them. */
const MOST_CHOICES = 15;

/**
 * The explorer as a conversation, for screen readers and terminals that cannot draw. A typed line is one or several words: names
 * of commands or keys; what follows one that asks for text is that text. The answer is what changed, in sentences.
 */
export class PlainExplorer {
  readonly #surroundings: Surroundings;
  readonly #print: (line: string) => void;
  readonly #nearest: Nearest;
  readonly #data: AppData;
  #state: AppState;
  #said = '';
  #hasEnded = false;

  constructor({ surroundings, first, print, nearest, ...opening }: PlainOptions) {
    this.#surroundings = surroundings;
    this.#data = surroundings.data;
    this.#print = print;
    this.#nearest = nearest;
    this.#state = openedState(initialState(COLUMNS, ROWS, first), opening);
  }

  /** Tells where one is; to be called once, in the beginning. */
  async begin(): Promise<void> {
    this.#print(
      'Type a command or a key and Enter; "rows" reads the screen, "help" lists the commands, "quit" quits.',
    );
    await this.#settle([]);
    this.#say();
  }

  /** Answers one typed line; false when the explorer is to end. */
  async answer(line: string): Promise<boolean> {
    const typed = line.trim();
    if (typed === 'rows') this.#read();
    else if (typed === '?' || typed === 'help') this.#tellCommands();
    else if (await this.#obey(typed)) this.#say();
    return !this.#hasEnded;
  }

  /** Does what the words of a line say, one after the other; false when there is nothing new to tell. */
  async #obey(typed: string): Promise<boolean> {
    let rest = typed;
    let isFirst = true;
    while (isFirst || rest !== '') {
      if (this.#hasEnded) return false;
      if (this.#state.prompt && rest !== 'escape' && rest !== 'cancel')
        return this.#enterText(rest);
      const [word = ''] = rest.split(/\s/, 1);
      const read = plainWord(word === '' ? 'enter' : word, this.#keyScreen(), this.#nearest);
      if (read.kind === 'unknown') {
        this.#print(read.answer);
        return !isFirst;
      }
      await this.#happen(read.events);
      rest = rest.slice(word.length).trim();
      isFirst = false;
    }
    return !this.#hasEnded;
  }

  #keyScreen() {
    return keyScreen(this.#state);
  }

  /** The text that was asked for; where something is to be chosen, words that narrow the choice, or its number. */
  async #enterText(text: string): Promise<boolean> {
    const { prompt } = this.#state;
    if (!prompt) return true;
    const accept: AppEvent = { kind: 'key', key: 'enter', text: '' };
    if (!hasChoices(prompt)) {
      // What was proposed is there to be taken as it is; a line that is typed stands instead of it.
      if (text !== '') this.#state = { ...this.#state, prompt: { ...prompt, text: '' } };
      await this.#happen(text === '' ? [accept] : [{ kind: 'paste', text }, accept]);
      return true;
    }
    const isNumber = /^\d+$/.test(text);
    if (!isNumber && text !== '') await this.#happen([{ kind: 'paste', text }]);
    const choices = this.#choices();
    const at = isNumber ? Number(text) - 1 : 0;
    if (!isNumber && choices.length !== 1) {
      this.#state = { ...this.#state, prompt: { ...prompt, text: '' } };
      this.#print(`${choices.length} choices have "${text}"; type more, or a number below`);
      this.#tellChoices();
      return false;
    }
    this.#state = chosenBy(this.#state, at - prompt.chosen, this.#context());
    await this.#happen([accept]);
    return true;
  }

  async #happen(events: readonly AppEvent[]): Promise<void> {
    const effects: Effect[] = [];
    for (const event of events) effects.push(...this.#react(event));
    this.#hasEnded = effects.some(({ kind }) => kind === 'quit');
    if (!this.#hasEnded) await this.#settle(effects);
  }

  #react(event: AppEvent): readonly Effect[] {
    const { state, effects } = update(this.#state, event, this.#surroundings);
    this.#state = state;
    return effects;
  }

  /** Waits for what the screen needs: there is nothing to look at meanwhile. */
  async #settle(effects: readonly Effect[]): Promise<void> {
    let pending = [...effects, ...this.#react({ kind: 'loaded' })];
    while (pending.length > 0) {
      let isChanged = false;
      for (const effect of pending) {
        const { event, isLoading } = await runPlainEffect(effect, this.#data, this.#print);
        if (event) this.#react(event);
        isChanged ||= isLoading;
      }
      pending = isChanged ? [...this.#react({ kind: 'loaded' })] : [];
    }
  }

  #context() {
    return contextOf(this.#state, this.#surroundings);
  }

  #choices() {
    return shownChoices(this.#state, this.#context());
  }

  #spoken(): SpokenScreen {
    return spokenScreen(this.#state, this.#context());
  }

  /** Where one is, and what is selected; nothing that was just said. */
  #say(): void {
    const { facts, selected } = this.#spoken();
    const { crumbs } = chromeState(this.#state, this.#context());
    const where = `${crumbs.join(', ')}. ${facts}`.trim();
    if (where !== this.#said) this.#print(where);
    this.#said = where;
    const { message, prompt } = this.#state;
    if (message) this.#print(message.text);
    if (prompt && hasChoices(prompt)) this.#tellChoices();
    else if (prompt) this.#print(`Type the text and Enter${proposal(prompt.text)}, or "escape".`);
    else if (selected !== '') this.#print(selected);
  }

  #tellChoices(): void {
    const choices = this.#choices();
    for (const [i, { label, detail }] of choices.slice(0, MOST_CHOICES).entries()) {
      this.#print(`${i + 1}: ${label}${detail === '' ? '' : `, ${detail}`}`);
    }
    const more = choices.length - MOST_CHOICES;
    if (more > 0) this.#print(`and ${more} more`);
    this.#print('Type a number, or words that only one has, or "escape".');
  }

  #read(): void {
    for (const line of this.#spoken().rows) if (line !== '') this.#print(line);
  }

  #tellCommands(): void {
    for (const { id, keys, title } of namedBindings(this.#keyScreen())) {
      this.#print(`${id} (${keyLabels(keys, false)}): ${title}`);
    }
  }
}

function proposal(text: string): string {
  return text === '' ? '' : `, Enter alone for "${text}"`;
}
