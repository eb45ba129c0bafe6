import { writeSync } from 'node:fs';
import process from 'node:process';
import { cleanLines } from '../../report/clean-text.ts';

/**
 * Alternate screen, cursor hidden, no wrapping at the last column, mouse buttons, drags and wheel (SGR reports), bracketed
 * paste, and a blank screen to draw on.
 */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[H\x1b[2J';
/** The reverse; also ends a frame that was cut off and resets colours. */
const LEAVE = '\x1b[?2026l\x1b[m\x1b[?2004l\x1b[?1006l\x1b[?1002l\x1b[?7h\x1b[?25h\x1b[?1049l';

const STDOUT = 1;
const STDERR = 2;
/** A terminal that takes nothing for this many tries is gone. */
const WRITE_TRIES = 1000;
const EXIT_BUG = 70;
const SIGNALS = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/**
 * The terminal's modes, set on `enter` and always undone: on `leave`, on every exit of the process, on signals, on an error that
 * nobody caught (which is then printed), and while the process is suspended.
 */
export class Session {
  #isActive = false;
  readonly #onResume: () => void;
  readonly #undo: (() => void)[] = [];

  constructor(onResume: () => void) {
    this.#onResume = onResume;
  }

  enter(): void {
    this.#listen();
    this.#on();
  }

  leave(): void {
    this.#off();
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** As the shell's ctrl-z: hands the terminal back and stops until the shell continues the process. */
  suspend(): void {
    if (!this.#isActive) return;
    this.#off();
    // SIGSTOP, because a handler for SIGTSTP is installed and would be called instead of stopping.
    process.kill(process.pid, 'SIGSTOP');
  }

  #resume(): void {
    if (this.#isActive) return;
    this.#on();
    this.#onResume();
  }

  #on(): void {
    this.#isActive = true;
    process.stdin.setRawMode?.(true);
    writeAll(STDOUT, ENTER);
  }

  #off(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    writeAll(STDOUT, LEAVE);
    try {
      process.stdin.setRawMode?.(false);
    } catch {
      // The terminal is gone (the window was closed): there is nothing left to restore.
    }
  }

  #listen(): void {
    this.#handle('exit', () => this.#off());
    for (const [signal, exitCode] of SIGNALS) {
      this.#handle(signal, () => {
        this.#off();
        process.exit(exitCode);
      });
    }
    this.#handle('SIGTSTP', () => this.suspend());
    this.#handle('SIGCONT', () => this.#resume());
    this.#handle('uncaughtException', (error: unknown) => this.#crash(error));
    this.#handle('unhandledRejection', (error: unknown) => this.#crash(error));
  }

  #handle(event: string, handler: (argument: unknown) => void): void {
    process.on(event, handler);
    this.#undo.push(() => process.off(event, handler));
  }

  #crash(error: unknown): void {
    this.#off();
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    writeAll(STDERR, `tracecli: ${cleanLines(text)}\n`);
    process.exit(EXIT_BUG);
  }
}

/** Writes now, whatever happens next. Retries while the terminal is busy, gives up when it is gone. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  for (let tries = 0; written < bytes.length && tries < WRITE_TRIES; tries++) {
    try {
      written += writeSync(file, bytes, written);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
    }
  }
}
