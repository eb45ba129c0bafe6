import { TIME_FLAGS } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { formatDuration } from '../../report/format-duration.ts';
import type { Stretch } from '../idle-stretches.ts';
import type { Theme } from '../theme.ts';
import type { TraceView } from '../trace-view.ts';
import type { CellRange, TimeWindow } from './bars.ts';
import { fitRight } from './fit-text.ts';
import { clockTicks, gridLine, rulerLine, rulerTicks } from './ruler.ts';
import { joinParts } from './styled-parts.ts';
import { WaterfallBars } from './waterfall-bar.ts';
import {
  GUTTER,
  TIME_CELLS,
  type WaterfallColumns,
  waterfallColumns,
} from './waterfall-columns.ts';
import { type LabelLook, type RowState, waterfallLabel } from './waterfall-label.ts';

/** What the rows of a waterfall depend on besides the trace. */
export interface WaterfallLook {
  readonly columns: number;
  readonly window: TimeWindow;
  readonly showsCriticalPath: boolean;
  readonly showsSelfTime: boolean;
  readonly showsClockTime: boolean;
  readonly isUtc: boolean;
  /** Position of the span whose subtree is shown alone; null: the whole trace. */
  readonly root: number | null;
  /** Marked in the names; '' for nothing. */
  readonly mark: string;
}

/** Rows kept as text; more than any screen has. What is kept longer is moved about by the collector. */
const CACHED_ROWS = 600;

/** Draws the rows of one trace with one look, each once. */
export class WaterfallRows {
  readonly #view: TraceView;
  readonly #look: WaterfallLook;
  readonly #theme: Theme;
  readonly #columns: WaterfallColumns;
  readonly #labels: LabelLook;
  readonly #bars: WaterfallBars;
  readonly #ruler: string;
  readonly #rows = new Map<number, string>();

  constructor(view: TraceView, look: WaterfallLook, theme: Theme) {
    this.#view = view;
    this.#look = look;
    this.#theme = theme;
    this.#columns = waterfallColumns(look.columns, look.showsSelfTime);
    const { bars, label } = this.#columns;
    const ticks = look.showsClockTime
      ? clockTicks(look.window, bars, view.trace.startUnixNano, look.isUtc)
      : rulerTicks(look.window, bars);
    this.#ruler = rulerLine(ticks, bars);
    this.#labels = { width: label, root: look.root, mark: look.mark };
    this.#bars = new WaterfallBars(view, look, theme, gridLine(ticks, bars, theme.glyphs.gridLine));
  }

  /** The line above the rows: what the columns are, and the time axis, with what is marked on it. */
  head(brush: CellRange | null): string {
    const { label, self } = this.#columns;
    const { muted, marked } = this.#theme;
    const selfHead = self > 0 ? fitRight('self', self) : '';
    const title = ' '.repeat(GUTTER) + joinParts([['service and operation']], label, '');
    const axis = brush
      ? muted(this.#ruler.slice(0, brush.from)) +
        marked(this.#ruler.slice(brush.from, brush.to)) +
        muted(this.#ruler.slice(brush.to))
      : muted(this.#ruler);
    return `${muted(title + fitRight('duration', TIME_CELLS) + selfHead)} ${axis}`;
  }

  row(node: TraceNode, state: RowState, isSelected: boolean): string {
    if (isSelected) return this.#draw(node, state, true);
    const flags = Number(state.isOpen) + 2 * Number(state.group !== null);
    const key = node.index * 8 + flags + 4 * Number(state.isForOthers);
    let row = this.#rows.get(key);
    if (row === undefined) {
      if (this.#rows.size >= CACHED_ROWS) this.#rows.clear();
      row = this.#draw(node, state, false);
      this.#rows.set(key, row);
    }
    return row;
  }

  #draw(node: TraceNode, state: RowState, isSelected: boolean): string {
    const { glyphs, accent, criticalPath, selected } = this.#theme;
    const cursor = isSelected ? accent(glyphs.cursor) : ' ';
    const sections = this.#sections(node, state);
    const mark = sections.length > 0 ? criticalPath(glyphs.critical) : ' ';
    const label = waterfallLabel(node, state, this.#view, this.#labels, this.#theme);
    const text = cursor + mark + label + this.#times(node, state);
    if (this.#view.missing.has(node.index)) {
      const extent = `${text} ${this.#bars.missing(node)}`;
      return isSelected ? selected(extent, '') : extent;
    }
    const color = this.#theme.serviceColor(this.#view.serviceColors.get(node.service) ?? 0);
    const bar = state.group
      ? this.#bars.group(state.group, color)
      : this.#bars.span(node, sections, color);
    return isSelected ? selected(`${text} `, bar) : `${text} ${bar}`;
  }

  #sections(node: TraceNode, { isOpen, group }: RowState): readonly Stretch[] {
    if (!this.#look.showsCriticalPath) return [];
    if (group) return group.members.flatMap((member) => this.#view.sectionsBelow(member));
    return isOpen ? this.#view.sectionsOf(node) : this.#view.sectionsBelow(node);
  }

  #times(node: TraceNode, { group }: RowState): string {
    const { muted, error, strong, glyphs } = this.#theme;
    const { durationNs, timeFlags, statusCode } = node.span;
    if (this.#view.missing.has(node.index)) return ' '.repeat(TIME_CELLS + this.#columns.self);
    if (group) {
      const total = fitRight(`${glyphs.sum}${formatDuration(group.totalNs)}`, TIME_CELLS);
      return strong(total) + ' '.repeat(this.#columns.self);
    }
    const duration = timeFlags & TIME_FLAGS.noEnd ? 'no end' : formatDuration(durationNs);
    const text = fitRight(duration, TIME_CELLS);
    const shown = statusCode === 'error' ? error(text) : text;
    if (this.#columns.self === 0) return shown;
    const self = formatDuration(this.#view.selfNs(node) ?? nanos(0));
    return shown + muted(fitRight(self, TIME_CELLS));
  }
}
