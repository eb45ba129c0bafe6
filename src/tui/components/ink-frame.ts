import { type Instance, render } from 'ink';
import { createElement } from 'react';
import type { Theme } from '../theme.ts';
import { Chrome } from './chrome.tsx';
import type { ChromeState } from './chrome-state.ts';

/**
 * Ink as a layout engine: gives each chrome as lines of text. Ink gets a stand-in for the terminal and runs in debug mode, in which
 * it hands over each frame as one string, at once, without cursor movements.
 */
export class InkFrame {
  readonly #theme: Theme;
  readonly #stdout: StandIn;
  #instance: Instance | null = null;
  #key = '';
  #lines: readonly string[] = [];

  constructor(theme: Theme) {
    this.#theme = theme;
    this.#stdout = new StandIn((frame) => {
      this.#lines = frame.split('\n');
    });
  }

  /** The lines of `chrome`; renders only if it differs from the last one. */
  lines(chrome: ChromeState): readonly string[] {
    const key = JSON.stringify(chrome);
    if (key === this.#key) return this.#lines;
    this.#key = key;
    this.#stdout.columns = chrome.columns;
    this.#stdout.rows = chrome.rows;
    const element = createElement(Chrome, { chrome, theme: this.#theme });
    if (this.#instance) this.#instance.rerender(element);
    else this.#instance = render(element, this.#options());
    return this.#lines;
  }

  close(): void {
    this.#instance?.unmount();
    this.#instance = null;
  }

  #options() {
    return {
      // Ink uses no more of the stream than the stand-in has.
      stdout: this.#stdout as unknown as NodeJS.WriteStream,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    };
  }
}

/** As much of a terminal's stream as Ink uses. */
class StandIn {
  readonly isTTY = true;
  columns = 0;
  rows = 0;
  readonly #onFrame: (frame: string) => void;

  constructor(onFrame: (frame: string) => void) {
    this.#onFrame = onFrame;
  }

  write(text: string): boolean {
    // Showing and hiding the cursor is not for Ink to do here.
    if (!text.startsWith('\x1b[?')) this.#onFrame(text);
    return true;
  }

  on(): this {
    return this;
  }

  off(): this {
    return this;
  }
}
