import { TIME_FLAGS } from '../../model/span.ts';
import type { TraceNode } from '../../model/trace.ts';
import type { Stretch } from '../idle-stretches.ts';
import type { SpanGroup } from '../span-groups.ts';
import type { Theme } from '../theme.ts';
import type { TraceView } from '../trace-view.ts';
import { barExtent, type CellRange, drawBar, type TimeWindow } from './bars.ts';
import { busyCells } from './busy-cells.ts';

/** What bars depend on besides their spans. */
export interface BarLook {
  readonly window: TimeWindow;
  readonly showsSelfTime: boolean;
}

/** From this share on a cell counts as its children's, not as the span's own. */
const MOSTLY = 0.5;

/** Draws the bars of one trace in one window. */
export class WaterfallBars {
  readonly #view: TraceView;
  readonly #look: BarLook;
  readonly #theme: Theme;
  readonly #width: number;
  readonly #grid: string;

  /** `grid` is what stands where no bar is, one character a cell. */
  constructor(view: TraceView, look: BarLook, theme: Theme, grid: string) {
    this.#view = view;
    this.#look = look;
    this.#theme = theme;
    this.#width = grid.length;
    this.#grid = this.#withIdle(grid);
  }

  /** `sections` are stretches of the critical path to be drawn in the bar. */
  span(node: TraceNode, sections: readonly Stretch[], color: string): string {
    const { window } = this.#look;
    return drawBar(
      {
        extent: barExtent(node.startNs, node.endNs, window, this.#width),
        critical: sections.flatMap((section) => this.#cells(section)),
        covered: this.#covered(node),
        color,
        background: this.#background(node),
        paintBackground: this.#theme.faint,
      },
      this.#theme.glyphs.bar,
    );
  }

  /** For each cell how much of its time one of the group's spans runs, as a height. */
  group({ members }: SpanGroup, color: string): string {
    const busy = busyCells(members, this.#look.window, this.#width);
    const { heights } = this.#theme.glyphs;
    let line = '';
    let from = 0;
    while (from < this.#width) {
      const isBar = (busy[from] ?? 0) > 0;
      let to = from + 1;
      while (to < this.#width && (busy[to] ?? 0) > 0 === isBar) to++;
      const run = Array.from(busy.subarray(from, to), (share) => {
        return heights[Math.max(1, Math.round(share * (heights.length - 1)))] ?? '';
      }).join('');
      if (!isBar) line += this.#theme.faint(this.#grid.slice(from, to));
      else line += color === '' ? run : `\x1b[${color}m${run}\x1b[39m`;
      from = to;
    }
    return line;
  }

  /** From the first to the last of what stands below a missing parent: all that is known of its time. */
  missing({ startNs, endNs }: TraceNode): string {
    return this.#theme.faint(this.#over(startNs, endNs, this.#theme.glyphs.bar.unfinished));
  }

  #covered(node: TraceNode): ((cell: number) => boolean) | null {
    if (!this.#look.showsSelfTime || node.children.length === 0) return null;
    const waitedFor = node.children.filter(({ relation }) => relation !== 'follows-from');
    const busy = busyCells(waitedFor, this.#look.window, this.#width);
    return (cell) => (busy[cell] ?? 0) >= MOSTLY;
  }

  /** The grid; where the span would lie on its caller's clock; and that an unfinished span goes on. */
  #background(node: TraceNode): string {
    const { corrected, unfinished } = this.#theme.glyphs.bar;
    const shift = this.#view.shiftOf(node);
    const grid =
      shift === 0 ? this.#grid : this.#over(node.startNs + shift, node.endNs + shift, corrected);
    if (!(node.span.timeFlags & TIME_FLAGS.noEnd)) return grid;
    return this.#over(node.startNs, this.#view.trace.durationNs, unfinished);
  }

  #over(startNs: number, endNs: number, glyph: string): string {
    const extent = barExtent(startNs, endNs, this.#look.window, this.#width);
    if (!extent) return this.#grid;
    const from = extent.from >> 3;
    const to = (extent.to + 7) >> 3;
    return this.#grid.slice(0, from) + glyph.repeat(to - from) + this.#grid.slice(to);
  }

  /** Cells in whose whole time nothing runs are hatched. */
  #withIdle(grid: string): string {
    const cells = Array.from(grid);
    for (const { startNs, endNs } of this.#view.idle) {
      const extent = barExtent(startNs, endNs, this.#look.window, this.#width);
      if (!extent) continue;
      for (let cell = (extent.from + 7) >> 3; cell < extent.to >> 3; cell++) {
        cells[cell] = this.#theme.glyphs.bar.idle;
      }
    }
    return cells.join('');
  }

  #cells({ startNs, endNs }: Stretch): CellRange[] {
    const extent = barExtent(startNs, endNs, this.#look.window, this.#width);
    return extent ? [{ from: extent.from >> 3, to: (extent.to + 7) >> 3 }] : [];
  }
}
