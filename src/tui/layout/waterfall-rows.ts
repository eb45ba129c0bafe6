import { TIME_FLAGS } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import type { Theme } from '../theme.ts';
import type { PathSection, TraceView } from '../trace-view.ts';
import { barExtent, type CellRange, drawBar, type TimeWindow } from './bars.ts';
import { fitRight } from './fit-text.ts';
import { markMatches } from './mark-matches.ts';
import { gridLine, rulerLine, rulerTicks } from './ruler.ts';
import { joinParts, type Part, partsWidth } from './styled-parts.ts';
import { guideSpace, treeGuide } from './tree-guide.ts';

/** What the rows of a waterfall depend on besides the trace. */
export interface WaterfallLook {
  readonly columns: number;
  readonly window: TimeWindow;
  readonly showsCriticalPath: boolean;
  readonly showsSelfTime: boolean;
  /** Marked in the names; '' for nothing. */
  readonly search: string;
}

/** Widths in cells: `▌◆` | label | duration | self time | bars. */
interface WaterfallColumns {
  readonly label: number;
  readonly self: number;
  readonly bars: number;
}

const GUTTER = 2;
const TIME_CELLS = 8;
/** Names longer than this say little more; bars gain by the rest. */
const WIDEST_LABEL = 76;
/** Part of the label that guides may take; the rest is for names. */
const GUIDE_SHARE = 0.5;
/** Rows kept as text; more than any screen has. */
const CACHED_ROWS = 2000;

function waterfallColumns(columns: number, showsSelfTime: boolean): WaterfallColumns {
  const label = Math.min(WIDEST_LABEL, Math.floor(columns * 0.42));
  const self = showsSelfTime ? TIME_CELLS : 0;
  return { label, self, bars: columns - GUTTER - label - TIME_CELLS - self - 1 };
}

/** Draws the rows of one trace with one look, each once. */
export class WaterfallRows {
  readonly #view: TraceView;
  readonly #look: WaterfallLook;
  readonly #theme: Theme;
  readonly #columns: WaterfallColumns;
  readonly #grid: string;
  readonly #ruler: string;
  readonly #rows = new Map<number, string>();

  constructor(view: TraceView, look: WaterfallLook, theme: Theme) {
    this.#view = view;
    this.#look = look;
    this.#theme = theme;
    this.#columns = waterfallColumns(look.columns, look.showsSelfTime);
    const ticks = rulerTicks(look.window, this.#columns.bars);
    this.#ruler = rulerLine(ticks, this.#columns.bars);
    this.#grid = gridLine(ticks, this.#columns.bars, theme.glyphs.gridLine);
  }

  /** The line above the rows: what the columns are, and the time axis. */
  head(): string {
    const { label, self } = this.#columns;
    const { muted } = this.#theme;
    const selfHead = self > 0 ? fitRight('self', self) : '';
    const title = ' '.repeat(GUTTER) + joinParts([['service and operation']], label, '');
    return `${muted(title + fitRight('duration', TIME_CELLS) + selfHead)} ${muted(this.#ruler)}`;
  }

  row(node: TraceNode, isOpen: boolean, isSelected: boolean): string {
    if (isSelected) return this.#draw(node, isOpen, true);
    const key = node.index * 2 + Number(isOpen);
    let row = this.#rows.get(key);
    if (row === undefined) {
      if (this.#rows.size >= CACHED_ROWS) this.#rows.clear();
      row = this.#draw(node, isOpen, false);
      this.#rows.set(key, row);
    }
    return row;
  }

  #draw(node: TraceNode, isOpen: boolean, isSelected: boolean): string {
    const { glyphs, accent, selected } = this.#theme;
    const cursor = isSelected ? accent(glyphs.cursor) : ' ';
    const sections = this.#sections(node, isOpen);
    const text =
      cursor + this.#criticalMark(sections) + this.#label(node, isOpen) + this.#times(node);
    const bar = this.#bar(node, sections);
    return isSelected ? selected(`${text} `, bar) : `${text} ${bar}`;
  }

  #sections(node: TraceNode, isOpen: boolean): readonly PathSection[] {
    if (!this.#look.showsCriticalPath) return [];
    return isOpen ? this.#view.sectionsOf(node) : this.#view.sectionsBelow(node);
  }

  #criticalMark(sections: readonly PathSection[]): string {
    return sections.length > 0 ? this.#theme.criticalPath(this.#theme.glyphs.critical) : ' ';
  }

  #label(node: TraceNode, isOpen: boolean): string {
    const { glyphs } = this.#theme;
    const after = this.#afterName(node, isOpen);
    const width = this.#columns.label - partsWidth(after);
    const parts = [...this.#beforeName(node, isOpen), ...this.#name(node)];
    return joinParts(parts, width, glyphs.ellipsis) + joinParts(after, partsWidth(after), '');
  }

  #beforeName(node: TraceNode, isOpen: boolean): Part[] {
    const { glyphs, faint, muted, error, warning } = this.#theme;
    const space = guideSpace(Math.floor(this.#columns.label * GUIDE_SHARE), this.#view.deepest);
    const guide = treeGuide(node, (at) => this.#view.isLastSibling(at), space, glyphs);
    const fold = node.children.length === 0 ? ' ' : isOpen ? glyphs.expanded : glyphs.collapsed;
    const parts: Part[] = [
      [guide, faint],
      [fold, muted],
    ];
    if (node.missingParent !== null) parts.push([`${glyphs.missing} `, warning]);
    if (node.span.statusCode === 'error') parts.push([`${glyphs.error} `, error]);
    else
      parts.push([`${this.#theme.serviceGlyph(this.#serviceIndex(node))} `, this.#service(node)]);
    return parts;
  }

  /** The service where it differs from the caller's, and the operation. */
  #name(node: TraceNode): Part[] {
    const { match, strong } = this.#theme;
    const { search } = this.#look;
    const name = narrowText(node.span.name) || '(unnamed)';
    const operation = markMatches(name, search, match);
    if (node.parent?.service === node.service) return operation;
    const service = (text: string) => strong(this.#service(node)(text));
    return [...markMatches(narrowText(node.service), search, match, service), [' '], ...operation];
  }

  #afterName(node: TraceNode, isOpen: boolean): Part[] {
    const { glyphs, muted, error, warning } = this.#theme;
    const parts: Part[] = [];
    const shift = this.#view.shiftOf(node);
    if (shift !== 0 && this.#view.shiftOf(node.parent ?? node) !== shift) {
      const sign = shift > 0 ? '+' : '';
      parts.push([` ${glyphs.shifted}${sign}${formatDuration(shift)}`, warning]);
    }
    if (node.children.length > 0 && !isOpen) {
      parts.push([` +${this.#view.descendants(node)}`, muted]);
      const errors = this.#view.errorsBelow(node);
      if (errors > 0) parts.push([` ${glyphs.error}${errors}`, error]);
    }
    return parts;
  }

  #times(node: TraceNode): string {
    const { muted, error } = this.#theme;
    const { durationNs, timeFlags, statusCode } = node.span;
    const duration = timeFlags & TIME_FLAGS.noEnd ? 'no end' : formatDuration(durationNs);
    const text = fitRight(duration, TIME_CELLS);
    const shown = statusCode === 'error' ? error(text) : text;
    if (this.#columns.self === 0) return shown;
    const self = formatDuration(this.#view.selfNs(node) ?? nanos(0));
    return shown + muted(fitRight(self, TIME_CELLS));
  }

  #bar(node: TraceNode, sections: readonly PathSection[]): string {
    const { glyphs, serviceColor, faint } = this.#theme;
    const width = this.#columns.bars;
    return drawBar(
      {
        extent: barExtent(node.startNs, node.endNs, this.#look.window, width),
        critical: sections.flatMap((section) => this.#cells(section)),
        color: serviceColor(this.#serviceIndex(node)),
        background: this.#background(node),
        paintBackground: faint,
      },
      glyphs.bar,
    );
  }

  /** The grid, and where the span would lie on its caller's clock. */
  #background(node: TraceNode): string {
    const shift = this.#view.shiftOf(node);
    if (shift === 0) return this.#grid;
    const width = this.#columns.bars;
    const corrected = barExtent(node.startNs + shift, node.endNs + shift, this.#look.window, width);
    if (!corrected) return this.#grid;
    const from = corrected.from >> 3;
    const to = (corrected.to + 7) >> 3;
    const ghost = this.#theme.glyphs.bar.corrected.repeat(to - from);
    return this.#grid.slice(0, from) + ghost + this.#grid.slice(to);
  }

  #cells({ startNs, endNs }: PathSection): CellRange[] {
    const extent = barExtent(startNs, endNs, this.#look.window, this.#columns.bars);
    return extent ? [{ from: extent.from >> 3, to: (extent.to + 7) >> 3 }] : [];
  }

  #serviceIndex(node: TraceNode): number {
    return this.#view.serviceColors.get(node.service) ?? 0;
  }

  #service(node: TraceNode): (text: string) => string {
    const color = this.#theme.serviceColor(this.#serviceIndex(node));
    return color === '' ? (text) => text : (text) => `\x1b[${color}m${text}\x1b[39m`;
  }
}
