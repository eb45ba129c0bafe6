import unicode11 from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';

/** A terminal in memory: shows what was written to it as a user would see it. */
export class TerminalScreen {
  readonly #terminal: InstanceType<typeof xterm.Terminal>;

  constructor(columns: number, rows: number) {
    const terminal = new xterm.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      scrollback: 0,
    });
    terminal.loadAddon(new unicode11.Unicode11Addon());
    terminal.unicode.activeVersion = '11';
    this.#terminal = terminal;
  }

  /** Resolves when `output` is on the screen. */
  write(output: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(output, resolve));
  }

  /** What the terminal answers to the program. */
  onAnswer(answer: (text: string) => void): void {
    this.#terminal.onData(answer);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** The rows without the blanks at their ends. */
  lines(): string[] {
    // The emulator keeps what was right of the edge before the terminal became narrower.
    const { cols } = this.#terminal;
    return this.#rows().map((line) => line?.translateToString(false, 0, cols).trimEnd() ?? '');
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** Characters with all that one sees of them, one string per row: equal if and only if two screens look equal. */
  looks(): string[] {
    return this.#rows().map((line) => {
      const cells = Array.from({ length: this.#terminal.cols }, (_, x) => {
        const cell = line?.getCell(x);
        if (!cell) return '';
        const colors = [
          cell.getFgColorMode(),
          cell.getFgColor(),
          cell.getBgColorMode(),
          cell.getBgColor(),
        ];
        const attributes = [cell.isInverse(), cell.isDim(), cell.isBold(), cell.isUnderline()];
        return `${cell.getChars() || ' '}|${[...colors, ...attributes].join(',')}`;
      });
      return cells.join(';');
    });
  }

  /** Column where `text` begins in the first row that has it, and the row. */
  find(text: string): { x: number; y: number } | null {
    for (const [y, line] of this.lines().entries()) {
      const x = line.indexOf(text);
      if (x >= 0) return { x, y };
    }
    return null;
  }

  characterAt(x: number, y: number): string {
    return this.#rows()[y]?.getCell(x)?.getChars() ?? '';
  }

  backgroundAt(x: number, y: number): number {
    return this.#rows()[y]?.getCell(x)?.getBgColor() ?? -1;
  }

  /** The modes that a program must put back. */
  modes(): { alternate: boolean; mouse: string; paste: boolean; wrap: boolean } {
    const { modes, buffer } = this.#terminal;
    return {
      alternate: buffer.active.type === 'alternate',
      mouse: modes.mouseTrackingMode,
      paste: modes.bracketedPasteMode,
      wrap: modes.wraparoundMode,
    };
  }

  #rows() {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.#terminal.rows }, (_, y) => active.getLine(active.baseY + y));
  }
}
