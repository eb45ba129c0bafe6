import type { TraceFilter } from '../model/trace-summary.ts';
import { UserError } from '../model/user-error.ts';
import type { AppData } from './app-data.ts';
import { chromeState } from './components/chrome-state.ts';
import { bindingsOf, keyLabels } from './keymap.ts';
import { type OpeningOptions, openedState } from './opened-state.ts';
import { screenView } from './screens/screen-of.ts';
import { WaterfallDrawing } from './screens/waterfall-view.ts';
import { type AppState, contextOf, keyScreen, type Surroundings } from './state/app-state.ts';
import type { Effect } from './state/effect.ts';
import { initialState, update } from './state/update.ts';
import { withoutStyles } from './theme.ts';

export interface PlainOptions extends OpeningOptions {
  readonly surroundings: Surroundings;
  readonly first: Parameters<typeof initialState>[2];
  readonly print: (line: string) => void;
}

/** Lines are read aloud one by one: no more of them than one asks for. */
const COLUMNS = 100;
const ROWS = 25;

/** What people type for keys that have no letter. */
const KEY_WORDS =
  /^(?:enter|escape|tab|space|up|down|left|right|home|end|pageup|pagedown|backspace)$/;

/**
 * The explorer as a conversation, for screen readers and terminals that cannot draw: each line that is typed is a key or several
 * keys by name, the answer is what changed, in sentences. `rows` reads the whole screen, `?` the keys.
 */
export class PlainExplorer {
  readonly #surroundings: Surroundings;
  readonly #print: (line: string) => void;
  readonly #waterfall = new WaterfallDrawing();
  readonly #data: AppData;
  #state: AppState;
  #said = '';

  constructor({ surroundings, first, print, ...opening }: PlainOptions) {
    this.#surroundings = surroundings;
    this.#data = surroundings.data;
    this.#print = print;
    this.#state = openedState(initialState(COLUMNS, ROWS, first), opening);
  }

  /** Tells where one is; to be called once, in the beginning. */
  async begin(): Promise<void> {
    this.#print(
      'Type a key or its name and Enter; "rows" reads the screen, "?" the keys, "q" quits.',
    );
    await this.#settle([]);
    this.#say();
  }

  /** Answers one typed line; false when the explorer is to end. */
  async answer(line: string): Promise<boolean> {
    const typed = line.trim();
    if (typed === 'rows') {
      this.#read();
      return true;
    }
    if (typed === '?') {
      this.#tellKeys();
      return true;
    }
    const effects: Effect[] = [];
    for (const event of this.#eventsOf(typed)) {
      const outcome = update(this.#state, event, this.#surroundings);
      this.#state = outcome.state;
      effects.push(...outcome.effects);
    }
    if (effects.some(({ kind }) => kind === 'quit')) return false;
    await this.#settle(effects);
    this.#say();
    return true;
  }

  /** In a prompt the line is the text; elsewhere it is keys. An empty line is Enter. */
  #eventsOf(typed: string) {
    const key = (name: string, text = '') => ({ kind: 'key', key: name, text }) as const;
    if (this.#state.prompt && typed !== 'escape') {
      return [{ kind: 'paste', text: typed } as const, key('enter')];
    }
    if (typed === '') return [key('enter')];
    if (KEY_WORDS.test(typed) || /^(?:ctrl|shift)-/.test(typed)) return [key(typed)];
    return Array.from(typed.replaceAll(' ', ''), (letter) => key(letter, letter));
  }

  /** Waits for what the screen needs: there is nothing to look at meanwhile. */
  async #settle(effects: readonly Effect[]): Promise<void> {
    let pending = [...effects, ...this.#loaded()];
    while (pending.length > 0) {
      let isLoading = false;
      for (const effect of pending) isLoading = (await this.#run(effect)) || isLoading;
      pending = isLoading ? this.#loaded() : [];
    }
  }

  #loaded(): Effect[] {
    const { state, effects } = update(this.#state, { kind: 'loaded' }, this.#surroundings);
    this.#state = state;
    return [...effects];
  }

  /** True when there is more to show than before. */
  async #run(effect: Effect): Promise<boolean> {
    const { signal } = new AbortController();
    if (effect.kind === 'copy') this.#print(effect.text);
    if (effect.kind === 'keep-bookmark') this.#data.keepBookmark(effect.bookmark);
    if (effect.kind === 'drop-bookmark') this.#data.dropBookmark(effect.bookmark);
    if (effect.kind === 'load-trace') this.#data.loadTrace(effect.traceId);
    else if (effect.kind === 'analyze') await this.#data.analyze(effect.filter, signal, () => {});
    else if (effect.kind === 'load-points') await this.#data.loadPoints(effect.filter, signal);
    else if (effect.kind === 'find') await this.#find(effect.text, effect.filter, signal);
    else return false;
    return true;
  }

  async #find(query: string, filter: TraceFilter, signal: AbortSignal): Promise<void> {
    try {
      const found = await this.#data.source.find(query, filter, signal);
      this.#state = update(this.#state, { kind: 'found', query, found }, this.#surroundings).state;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const message = { text: error.what, tone: 'warning' } as const;
      this.#state = update(this.#state, { kind: 'told', message }, this.#surroundings).state;
    }
  }

  /** Where one is, and what is selected; nothing that was just said. */
  #say(): void {
    const context = contextOf(this.#state, this.#surroundings);
    const chrome = chromeState(this.#state, context);
    const view = screenView(this.#state, context, this.#waterfall);
    const plain = (text: string) => withoutStyles(text).replace(/\s+/g, ' ').trim();
    const where = plain(`${chrome.crumbs.join(', ')}. ${view.facts}`);
    if (where !== this.#said) this.#print(where);
    this.#said = where;
    const { message, prompt } = this.#state;
    if (message) this.#print(message.text);
    if (prompt) this.#print('Type the text and Enter, or "escape".');
    const texts = [...view.about, ...view.place].map(([text]) => text);
    const about = plain(texts.join(' '));
    if (about !== '' && !prompt) this.#print(about);
  }

  #read(): void {
    const context = contextOf(this.#state, this.#surroundings);
    const view = screenView(this.#state, context, this.#waterfall);
    for (const line of view.body) {
      const text = withoutStyles(line).replace(/\s+/g, ' ').trim();
      if (text !== '') this.#print(text);
    }
  }

  #tellKeys(): void {
    for (const { keys, title } of bindingsOf(keyScreen(this.#state))) {
      this.#print(`${keyLabels(keys, false)}: ${title}`);
    }
  }
}
