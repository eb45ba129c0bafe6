import process from 'node:process';
import type { TraceId } from '../model/ids.ts';
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
import { tracesOf } from './state/missing-data.ts';
import { isTypedAhead } from './state/typed-ahead.ts';
import { type AppEvent, initialState, update } from './state/update.ts';
import { clipboardSequence } from './terminal/clipboard-sequence.ts';
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
  /** Ends the analysis with what is known by then. */
  #enough = new AbortController();
  #state: AppState;
  /** By the user, or by an error of the data or of ours. Both do nothing until the explorer runs. */
  #ending: { quit: () => void; fail: (error: unknown) => void } = { quit() {}, fail() {} };
  readonly #reading = new Map<TraceId, AbortController>();
  /** What was typed ahead. */
  readonly #ahead: AppEvent[] = [];
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
    for (const reading of this.#reading.values()) reading.abort();
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

  /** All events of a moment, then one frame. Keys that were typed ahead wait for the trace that they are meant for. */
  #dispatch(events: readonly AppEvent[]): void {
    this.#guard(() => {
      const effects: Effect[] = [];
      for (const event of events) {
        if (isTypedAhead(event, this.#state, this.#data)) this.#ahead.push(event);
        else effects.push(...this.#updated(event));
      }
      this.#abandonTraces();
      if (effects.some(({ kind }) => kind === 'redraw')) this.#screen.invalidate();
      this.#paint();
      for (const effect of effects) this.#run(effect);
    });
  }

  /** What remains to be done after `event`: traces are asked for at once, and small ones are there for the next event. */
  #updated(event: AppEvent): Effect[] {
    const { state, effects } = update(this.#state, event, this.#surroundings);
    this.#state = state;
    const others: Effect[] = [];
    for (const effect of effects) {
      if (effect.kind !== 'load-trace') others.push(effect);
      else if (this.#readTrace(effect.traceId)) others.push(...this.#updated({ kind: 'loaded' }));
    }
    return others;
  }

  /** Whether the trace is there already. */
  #readTrace(traceId: TraceId): boolean {
    const reading = new AbortController();
    this.#reading.set(traceId, reading);
    const show = () => this.#dispatch([{ kind: 'loaded' }]);
    const done = this.#data.loadTrace(traceId, reading.signal, show).finally(() => {
      if (this.#reading.get(traceId) === reading) this.#reading.delete(traceId);
    });
    if (this.#data.trace(traceId).status !== 'loading') return true;
    this.#then(done, () => this.#ahead.splice(0));
    return false;
  }

  /** Nobody waits for a trace whose screen was left. */
  #abandonTraces(): void {
    const wanted = new Set(this.#state.stack.flatMap(tracesOf));
    for (const [traceId, reading] of this.#reading) {
      if (wanted.has(traceId)) continue;
      reading.abort();
      this.#reading.delete(traceId);
      this.#ahead.length = 0;
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
        // Whoever does not want to wait for that either gets nothing.
        if (this.#enough.signal.aborted) this.#analysis.abort();
        else this.#enough.abort();
        break;
      case 'load-words':
        this.#then(this.#data.loadWords(this.#abort.signal));
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
      case 'load-trace':
      case 'redraw':
        break;
    }
  }

  /** One at a time: who opens another screen wants that one. */
  #analyze(filter: TraceFilter): void {
    if (this.#data.isAnalyzed(filter)) return;
    this.#analysis.abort();
    this.#analysis = new AbortController();
    this.#enough = new AbortController();
    const { signal } = this.#analysis;
    const show = () => this.#dispatch([{ kind: 'loaded' }]);
    this.#then(this.#data.analyze(filter, { signal, stop: this.#enough.signal }, show));
  }

  #tellWhenDone(event: Promise<AppEvent>): void {
    event.then(
      (told) => {
        if (!this.#abort.signal.aborted) this.#dispatch([told]);
      },
      (error: unknown) => this.#ending.fail(error),
    );
  }

  /** Shows what `work` brought, and hears the events that waited for it. */
  #then(work: Promise<void>, waiting: () => readonly AppEvent[] = () => []): void {
    const { signal } = this.#abort;
    work.then(
      () => {
        if (!signal.aborted) this.#dispatch([{ kind: 'loaded' }, ...waiting()]);
      },
      (error: unknown) => this.#ending.fail(error),
    );
  }
}
