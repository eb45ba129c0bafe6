import { AppData } from '../../src/tui/app-data.ts';
import { chromeState } from '../../src/tui/components/chrome-state.ts';
import { InkFrame } from '../../src/tui/components/ink-frame.ts';
import { composeFrame } from '../../src/tui/compose-frame.ts';
import { TRACE_COLUMNS } from '../../src/tui/layout/trace-rows.ts';
import { foundEvent } from '../../src/tui/outside-events.ts';
import { WaterfallDrawing } from '../../src/tui/screens/waterfall-view.ts';
import {
  type Screen as AppScreen,
  type AppState,
  type Context,
  type Surroundings,
  topScreen,
} from '../../src/tui/state/app-state.ts';
import { contextOf } from '../../src/tui/state/context-of.ts';
import type { Effect } from '../../src/tui/state/effect.ts';
import { type AppEvent, initialState, update } from '../../src/tui/state/update.ts';
import { InputDecoder, type TerminalInput } from '../../src/tui/terminal/input-decoder.ts';
import { Screen } from '../../src/tui/terminal/screen.ts';
import { createTheme, type Theme, type ThemeOptions } from '../../src/tui/theme.ts';
import type { TraceSource } from '../../src/tui/trace-source.ts';
import { TerminalScreen } from './terminal-screen.ts';

export interface StageOptions extends Partial<ThemeOptions> {
  readonly columns?: number;
  readonly rows?: number;
}

/** Names of keys that are not typed as themselves, as terminals send them. */
const KEYS: Readonly<Record<string, string>> = {
  enter: '\r',
  tab: '\t',
  'shift-tab': '\x1b[Z',
  space: ' ',
  backspace: '\x7f',
  escape: '\x1b[27u',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  'shift-right': '\x1b[1;2C',
  'shift-left': '\x1b[1;2D',
};

const LINKS = [{ name: 'Jaeger', url: 'https://jaeger.example/trace/{traceId}?uiFind={spanId}' }];

/** The explorer without a process: the same state, layout and painter, with a terminal in memory. */
export class Stage {
  state: AppState;
  /** Everything that was written to the terminal. */
  output = '';
  writes = 0;
  /** What was to be done outside of the state, but for loading. */
  readonly effects: Effect[] = [];
  readonly #data: AppData;
  readonly #theme: Theme;
  readonly #ink: InkFrame;
  readonly #waterfall = new WaterfallDrawing();
  readonly #screen: Screen;
  readonly #terminal: TerminalScreen;
  readonly #decoder = new InputDecoder((inputs) => {
    for (const input of inputs) this.#send(input);
  });
  #shown = 0;

  constructor(source: TraceSource, options: StageOptions = {}) {
    const {
      columns = 80,
      rows = 24,
      depth = 'truecolor',
      isUnicode = true,
      isLight = false,
    } = options;
    this.#data = new AppData(source);
    this.#theme = createTheme({ depth, isUnicode, isLight });
    this.#ink = new InkFrame(this.#theme);
    this.#screen = new Screen(
      (output) => {
        this.output += output;
        this.writes++;
      },
      columns,
      rows,
      isUnicode,
    );
    this.#terminal = new TerminalScreen(columns, rows);
    // As the session does: the alternate screen, and nothing wraps at the last column.
    this.output = '\x1b[?1049h\x1b[?7l';
    this.state = initialState(columns, rows);
    this.paint();
  }

  /** Types keys, by name and separated by spaces; `text:abc` types the letters. */
  keys(names: string): this {
    for (const name of names.split(' ')) {
      if (name.startsWith('text:')) this.#decoder.push(name.slice('text:'.length));
      else if (/^ctrl-.$/.test(name))
        this.#decoder.push(String.fromCharCode(name.charCodeAt(5) - 96));
      else this.#decoder.push(KEYS[name] ?? name);
    }
    this.paint();
    return this;
  }

  /** Any other event. */
  event(event: AppEvent): this {
    if (event.kind === 'resize') {
      this.#screen.resize(event.columns, event.rows);
      this.#terminal.resize(event.columns, event.rows);
    }
    this.#update(event);
    this.paint();
    return this;
  }

  get screen(): AppScreen {
    return topScreen(this.state);
  }

  context(): Context {
    return contextOf(this.state, this.#surroundings());
  }

  #surroundings(): Surroundings {
    return {
      data: this.#data,
      theme: this.#theme,
      zone: 'utc',
      links: LINKS,
      traceColumns: TRACE_COLUMNS,
    };
  }

  /** Works out what the screens want to know of all traces together. */
  async analyzed(): Promise<this> {
    const { signal } = new AbortController();
    for (const effect of this.effects.splice(0)) {
      if (effect.kind === 'analyze') await this.#data.analyze(effect.filter, { signal }, () => {});
      else if (effect.kind === 'find') {
        this.event(await foundEvent(effect, this.#data.source, signal));
      } else if (effect.kind === 'load-points') await this.#data.loadPoints(effect.filter, signal);
      else if (effect.kind === 'load-words') await this.#data.loadWords(signal);
      else this.effects.push(effect);
    }
    this.event({ kind: 'loaded' });
    return this;
  }

  /** The terminal as it is now. */
  async terminal(): Promise<TerminalScreen> {
    const output = this.output.slice(this.#shown);
    this.#shown = this.output.length;
    await this.#terminal.write(output);
    return this.#terminal;
  }

  /** Lets go of what was written so far, once the terminal shows it: for long sessions. */
  async forget(): Promise<void> {
    await this.terminal();
    this.output = '';
    this.#shown = 0;
  }

  /** What the terminal shows. */
  async text(): Promise<string> {
    return (await this.terminal()).text();
  }

  /** What it would show after drawing everything again. */
  async redrawn(): Promise<TerminalScreen> {
    let output = '\x1b[?7l';
    const { columns, rows } = this.state;
    const screen = new Screen(
      (text) => {
        output += text;
      },
      columns,
      rows,
    );
    screen.paint(this.#layers());
    const terminal = new TerminalScreen(columns, rows);
    await terminal.write(output);
    return terminal;
  }

  paint(): void {
    this.#screen.paint(this.#layers());
  }

  #layers() {
    const context = this.context();
    const chrome = chromeState(this.state, context);
    return composeFrame(this.state, context, chrome, this.#ink.lines(chrome), this.#waterfall);
  }

  #send(input: TerminalInput): void {
    this.#update(input.kind === 'mouse' ? { ...input, isDouble: false } : input);
  }

  #update(event: AppEvent): void {
    const { state, effects } = update(this.state, event, this.#surroundings());
    this.state = state;
    for (const effect of effects) this.#run(effect);
  }

  #run(effect: Effect): void {
    if (effect.kind === 'load-trace') {
      void this.#data.loadTrace(effect.traceId, new AbortController().signal, () => {});
      this.#update({ kind: 'loaded' });
    } else if (effect.kind === 'keep-bookmark') {
      this.#data.keepBookmark(effect.bookmark);
    } else if (effect.kind === 'drop-bookmark') {
      this.#data.dropBookmark(effect.bookmark);
      this.#update({ kind: 'loaded' });
    } else if (effect.kind === 'filter-soon') {
      this.#update({ kind: 'apply-filter' });
    } else {
      this.effects.push(effect);
    }
  }
}
