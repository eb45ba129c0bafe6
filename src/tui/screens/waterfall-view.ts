import type { TraceNode } from '../../model/trace.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { formatTime } from '../../report/format-time.ts';
import { joinParts, type Part, spreadParts } from '../layout/styled-parts.ts';
import { type WaterfallLook, WaterfallRows } from '../layout/waterfall-rows.ts';
import type { Context, WaterfallScreen } from '../state/app-state.ts';
import { isOpen, rowOf } from '../state/fold.ts';
import { placeAmong } from '../state/jumps.ts';
import { windowOf } from '../state/time-window.ts';
import type { Theme } from '../theme.ts';
import type { TraceView } from '../trace-view.ts';
import { absentView, type ScreenView } from './screen-view.ts';

/** Draws waterfalls and keeps the rows drawn last, as most keys change one or two of them. */
export class WaterfallDrawing {
  #made: { view: TraceView; theme: Theme; look: WaterfallLook; rows: WaterfallRows } | null = null;

  view(screen: WaterfallScreen, context: Context): ScreenView {
    const loaded = context.data.trace(screen.traceId);
    if (loaded.status !== 'ready') return absentView(loaded, 'the trace', context);
    const view = loaded.value;
    const rows = this.#rows(view, lookOf(screen, view, context), context.theme);
    const visible = view.visible(screen.fold);
    const body: string[] = [];
    for (const position of visible.subarray(screen.top, screen.top + context.bodyRows)) {
      const node = view.nodes[position];
      if (node) body.push(rows.row(node, isOpen(screen.fold, node), position === screen.selected));
    }
    return {
      facts: factsLine(screen, view, context),
      head: rows.head(),
      body,
      about: aboutSpan(view.nodes[screen.selected], view, context.theme),
      place: placeOf(screen, view, visible, context.theme),
    };
  }

  #rows(view: TraceView, look: WaterfallLook, theme: Theme): WaterfallRows {
    const made = this.#made;
    if (made?.view === view && made.theme === theme && isSameLook(made.look, look))
      return made.rows;
    const rows = new WaterfallRows(view, look, theme);
    this.#made = { view, theme, look, rows };
    return rows;
  }
}

function lookOf(screen: WaterfallScreen, view: TraceView, { columns }: Context): WaterfallLook {
  const { showsCriticalPath, showsSelfTime, search } = screen;
  return { columns, window: windowOf(screen, view), showsCriticalPath, showsSelfTime, search };
}

function isSameLook(a: WaterfallLook, b: WaterfallLook): boolean {
  return (
    a.columns === b.columns &&
    a.window.startNs === b.window.startNs &&
    a.window.endNs === b.window.endNs &&
    a.showsCriticalPath === b.showsCriticalPath &&
    a.showsSelfTime === b.showsSelfTime &&
    a.search === b.search
  );
}

/** Narrower terminals show less exact times. */
const ROOMY = 100;

/** As in the header of Jaeger's timeline: start, duration, services, depth, spans; then what is wrong with the trace. */
function factsLine(screen: WaterfallScreen, view: TraceView, context: Context): string {
  const { zone, theme, columns } = context;
  const { muted, error, warning, strong, accent, glyphs } = theme;
  const { trace, path } = view;
  const start = formatTime(trace.startUnixNano, zone);
  const parts: Part[] = [
    [` ${columns < ROOMY ? start.slice(0, 19) : start}`, muted],
    ['  '],
    [formatDuration(trace.durationNs), strong],
    [`  ${count(view.nodes.length, 'span')}`],
    [`  ${count(view.serviceColors.size, 'service')}`],
    [`  depth ${view.deepest + 1}`],
  ];
  if (view.errors.length > 0)
    parts.push([`  ${glyphs.error} ${count(view.errors.length, 'error')}`, error]);
  const orphans = trace.roots.filter(({ missingParent }) => missingParent !== null).length;
  if (orphans > 0) parts.push([`  ${glyphs.missing} ${count(orphans, 'orphan')}`, warning]);
  if (path.shifts.length > 0) parts.push([`  ${glyphs.shifted} clocks differ`, warning]);
  const zoom: Part[] = screen.window
    ? [
        [
          `zoom ${formatDuration(screen.window.startNs)} ${glyphs.arrow} ${formatDuration(screen.window.endNs)} `,
          accent,
        ],
      ]
    : [];
  return zoom.length > 0
    ? spreadParts(parts, zoom, columns, glyphs.ellipsis)
    : joinParts(parts, columns, glyphs.ellipsis);
}

function aboutSpan(node: TraceNode | undefined, view: TraceView, theme: Theme): Part[] {
  if (!node) return [];
  const { muted, error, warning, glyphs } = theme;
  const { span } = node;
  const parts: Part[] = [
    [` ${narrowText(node.service)} `, theme.strong],
    [narrowText(span.name) || '(unnamed)'],
    [`  +${formatDuration(node.startNs)}`, muted],
    [`  ${formatDuration(span.durationNs)}`],
  ];
  if (node.missingParent !== null) {
    parts.push([`  ${glyphs.missing} parent ${node.missingParent} is not in the data`, warning]);
  }
  if (span.statusCode === 'error') {
    parts.push([`  ${glyphs.error} ${narrowText(span.statusMessage) || 'error'}`, error]);
  }
  const shift = view.shiftOf(node);
  if (shift !== 0)
    parts.push([`  ${glyphs.shifted} clock off by ${formatDuration(shift)}`, warning]);
  return parts;
}

/** Which of the matches, errors and rows the selection is. */
function placeOf(
  screen: WaterfallScreen,
  view: TraceView,
  visible: Int32Array,
  theme: Theme,
): Part[] {
  const { muted, error, accent, glyphs } = theme;
  const parts: Part[] = [];
  if (screen.search !== '') {
    const place = placeAmong(view.matches(screen.search), screen.selected);
    parts.push([`/${narrowText(screen.search)} ${place}  `, accent]);
  }
  if (view.nodes[screen.selected]?.span.statusCode === 'error') {
    parts.push([`${glyphs.error} ${placeAmong(view.errors, screen.selected)}  `, error]);
  }
  const row = rowOf(visible, screen.selected) + 1;
  parts.push([`${row.toLocaleString('en')}/${visible.length.toLocaleString('en')} `, muted]);
  return parts;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
