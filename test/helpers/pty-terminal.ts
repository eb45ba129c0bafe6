import pty from '@lydell/node-pty';
import { vi } from 'vitest';
import { TerminalScreen } from './terminal-screen.ts';

export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Variables of the test run that would change what the program draws. */
const HIDDEN = ['CI', 'NO_COLOR', 'FORCE_COLOR', 'VITEST', 'NODE_OPTIONS', 'LC_ALL', 'LANG'];
const TIMEOUT_MS = 20_000;

/** A program in a real pseudo terminal, with an emulator that shows what a user would see. */
export class PtyTerminal {
  readonly screen: TerminalScreen;
  exitCode: number | null = null;
  /** All that the program wrote. */
  output = '';
  readonly #pty: ReturnType<typeof pty.spawn>;

  constructor(file: string, args: readonly string[], options: PtyOptions = {}) {
    const { columns = 100, rows = 30, env = {} } = options;
    this.screen = new TerminalScreen(columns, rows);
    const inherited = Object.entries(process.env).filter(([name]) => !HIDDEN.includes(name));
    this.#pty = pty.spawn(file, [...args], {
      cols: columns,
      rows,
      name: 'xterm-256color',
      env: {
        ...Object.fromEntries(inherited),
        LC_ALL: 'C.UTF-8',
        COLORTERM: 'truecolor',
        NODE_ENV: 'production',
        ...env,
      },
    });
    this.#pty.onData((data) => {
      this.output += data;
      void this.screen.write(data);
    });
    this.screen.onAnswer((text) => this.#pty.write(text));
    this.#pty.onExit(({ exitCode }) => {
      this.exitCode = exitCode;
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  send(text: string): void {
    this.#pty.write(text);
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Waits until the screen matches. */
  until(pattern: RegExp): Promise<void> {
    return this.#wait(() => {
      const text = this.screen.text();
      if (!pattern.test(text)) throw new Error(`the screen does not show ${pattern}:\n${text}`);
    });
  }

  /** Waits for the end of the program; gives its exit code. */
  async exit(): Promise<number> {
    await this.#wait(() => {
      if (this.exitCode === null) throw new Error(`still running:\n${this.screen.text()}`);
    });
    // Output that came last may not be on the screen yet.
    await this.screen.write('');
    return this.exitCode ?? -1;
  }

  close(): void {
    if (this.exitCode === null) this.#pty.kill('SIGKILL');
  }

  async #wait(check: () => void): Promise<void> {
    await vi.waitFor(check, { timeout: TIMEOUT_MS, interval: 15 });
  }
}
