import process from 'node:process';
import type { TraceFilter } from '../model/trace-summary.ts';
import type { TimeZone } from '../report/format-time.ts';
import { AppData } from './app-data.ts';
import { chromeState } from './components/chrome-state.ts';
import { InkFrame } from './components/ink-frame.ts';
import { composeFrame } from './compose-frame.ts';
import type { TraceColumnId } from './layout/trace-rows.ts';
import type { LinkTemplate } from './link-template.ts';
import { type OpeningOptions, openedState } from './opened-state.ts';
import { foundEvent, writtenEvent } from './outside-events.ts';
import { WaterfallDrawing } from './screens/waterfall-view.ts';
import type { AppState, MainKind, Surroundings } from './state/app-state.ts';
import { contextOf } from './state/context-of.ts';
import type { Effect } from './state/effect.ts';
import { type AppEvent, initialState, update } from './state/update.ts';
import { DoubleClicks } from './terminal/double-clicks.ts';
import { InputDecoder, type TerminalInput } from './terminal/input-decoder.ts';
import { openUrl } from './terminal/open-url.ts';
import { Screen } from './terminal/screen.ts';
import { Session } from './terminal/session.ts';
import type { Theme } from './theme.ts';
import type { TraceSource } from './trace-source.ts';

/** A pause in typing after which a filter is applied: shorter than people notice, longer than between two keys. */
const FILTER_PAUSE_MS = 120;

export interface ExplorerOptions extends OpeningOptions {
  readonly zone: TimeZone;
  /** The screen to begin with. */
  readonly first: MainKind;
  readonly links: readonly LinkTemplate[];
  readonly traceColumns: readonly TraceColumnId[];
}

/** The running explorer: terminal input in, state, frames out. Does nothing while nothing happens. */
export class Explorer {
  readonly #data: AppData;
  readonly #surroundings: Surroundings;
  readonly #session: Session;
  readonly #decoder = new InputDecoder((inputs) => this.#onInputs(inputs));
  readonly #clicks = new DoubleClicks();
  readonly #ink: InkFrame;
  readonly #waterfall = new WaterfallDrawing();
  readonly #screen: Screen;
  readonly #abort = new AbortController();
  #analysis = new AbortController();
  #state: AppState;
  /** By the user, or by an error of the data or of ours. Both do nothing until the explorer runs. */
  #ending: { quit: () => void; fail: (error: unknown) => void } = { quit() {}, fail() {} };
  #filterTimer: NodeJS.Timeout | undefined;

  constructor(
    source: TraceSource,
    theme: Theme,
    { zone, first, links, traceColumns, ...opening }: ExplorerOptions,
  ) {
    const { columns, rows } = process.stdout;
    this.#data = new AppData(source);
    this.#surroundings = { data: this.#data, theme, zone, links, traceColumns };
    this.#ink = new InkFrame(theme);
    const write = (output: string) => process.stdout.write(output);
    this.#screen = new Screen(write, columns, rows, theme.isUnicode);
    this.#session = new Session(() => this.#onResume());
    this.#state = openedState(initialState(columns, rows, first), opening);
  }

  /** Takes the terminal over until the user quits or something fails. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#ending = { quit: resolve, fail: reject };
      this.#session.enter();
      process.stdin.setEncoding('utf8');
      process.stdin.on('data', this.#onData);
      process.stdin.on('end', this.#onEnd);
      process.stdout.on('resize', this.#onResize);
      // Nothing has happened yet; this draws, and asks for what the first screen shows.
      this.#dispatch([{ kind: 'loaded' }]);
    });
  }

  /** Gives the terminal back. */
  stop(): void {
    this.#abort.abort();
    this.#analysis.abort();
    clearTimeout(this.#filterTimer);
    this.#decoder.close();
    this.#ink.close();
    process.stdin.off('data', this.#onData);
    process.stdin.off('end', this.#onEnd);
    process.stdin.pause();
    process.stdout.off('resize', this.#onResize);
    this.#session.leave();
  }

  readonly #onData = (chunk: string): void => this.#decoder.push(chunk);

  /** The terminal is gone. */
  readonly #onEnd = (): void => this.#ending.quit();

  readonly #onResize = (): void => {
    const { columns, rows } = process.stdout;
    this.#screen.resize(columns, rows);
    this.#dispatch([{ kind: 'resize', columns, rows }]);
  };

  /** After a suspension the terminal shows the shell, perhaps in another size, of which only the shell was told. */
  #onResume(): void {
    process.kill(process.pid, 'SIGWINCH');
    this.#onResize();
  }

  #onInputs(inputs: readonly TerminalInput[]): void {
    this.#dispatch(
      inputs.map((input) => (input.kind === 'mouse' ? this.#clicks.counted(input) : input)),
    );
  }

  /** All events of a moment, then one frame. */
  #dispatch(events: readonly AppEvent[]): void {
    this.#guard(() => {
      const effects: Effect[] = [];
      for (const [i, event] of events.entries()) {
        const outcome = update(this.#state, event, this.#surroundings);
        this.#state = outcome.state;
        effects.push(...outcome.effects);
        if (i + 1 < events.length) this.#loadAtOnce(outcome.effects);
      }
      if (effects.some(({ kind }) => kind === 'redraw')) this.#screen.invalidate();
      this.#paint();
      for (const effect of effects) this.#run(effect);
    });
  }

  /** Keys that were typed ahead are meant for the trace that they opened: it is read before they are heard. */
  #loadAtOnce(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind !== 'load-trace') continue;
      this.#data.loadTrace(effect.traceId);
      this.#state = update(this.#state, { kind: 'loaded' }, this.#surroundings).state;
    }
  }

  /** Errors end the explorer, so that the command line can report them on a terminal that shows them. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#ending.fail(error);
    }
  }

  #paint(): void {
    const context = contextOf(this.#state, this.#surroundings);
    const chrome = chromeState(this.#state, context);
    const lines = this.#ink.lines(chrome);
    this.#screen.paint(composeFrame(this.#state, context, chrome, lines, this.#waterfall));
  }

  #run(effect: Effect): void {
    switch (effect.kind) {
      case 'quit':
        this.#ending.quit();
        break;
      case 'suspend':
        this.#session.suspend();
        break;
      case 'copy':
        process.stdout.write(clipboardSequence(effect.text));
        break;
      case 'write':
        this.#tellWhenDone(writtenEvent(effect.path, effect.text));
        break;
      case 'open-url':
        openUrl(effect.url);
        break;
      case 'load-trace':
        // After the frame that says so: reading a large trace takes a moment.
        setImmediate(() => {
          this.#guard(() => this.#data.loadTrace(effect.traceId));
          this.#dispatch([{ kind: 'loaded' }]);
        });
        break;
      case 'analyze':
        this.#analyze(effect.filter);
        break;
      case 'keep-bookmark':
        this.#data.keepBookmark(effect.bookmark);
        break;
      case 'drop-bookmark':
        this.#data.dropBookmark(effect.bookmark);
        this.#dispatch([{ kind: 'loaded' }]);
        break;
      case 'find':
        this.#tellWhenDone(foundEvent(effect, this.#data.source, this.#abort.signal));
        break;
      case 'reload':
        for (const filter of effect.filters) this.#data.forgetAnalysis(filter);
        this.#dispatch([{ kind: 'loaded' }]);
        break;
      case 'stop-analysis':
        this.#analysis.abort();
        break;
      case 'load-points':
        this.#then(this.#data.loadPoints(effect.filter, this.#abort.signal));
        break;
      case 'filter-soon':
        clearTimeout(this.#filterTimer);
        this.#filterTimer = setTimeout(
          () => this.#dispatch([{ kind: 'apply-filter' }]),
          FILTER_PAUSE_MS,
        );
        break;
      case 'redraw':
        break;
    }
  }

  /** One at a time: who opens another screen wants that one. */
  #analyze(filter: TraceFilter): void {
    if (this.#data.isAnalyzed(filter)) return;
    this.#analysis.abort();
    this.#analysis = new AbortController();
    const show = () => this.#dispatch([{ kind: 'loaded' }]);
    this.#then(this.#data.analyze(filter, this.#analysis.signal, show));
  }

  #tellWhenDone(event: Promise<AppEvent>): void {
    event.then(
      (told) => {
        if (!this.#abort.signal.aborted) this.#dispatch([told]);
      },
      (error: unknown) => this.#ending.fail(error),
    );
  }

  #then(work: Promise<void>): void {
    const { signal } = this.#abort;
    work.then(
      () => {
        if (!signal.aborted) this.#dispatch([{ kind: 'loaded' }]);
      },
      (error: unknown) => this.#ending.fail(error),
    );
  }
}

/** Asks the terminal to put `text` on the clipboard (OSC 52); works over SSH, where the terminal allows it. */
function clipboardSequence(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
}
