import type { TraceNode } from '../../model/trace.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { formatTime } from '../../report/format-time.ts';
import { joinParts, type Part, spreadParts } from '../layout/styled-parts.ts';
import type { Context, WaterfallScreen } from '../state/app-state.ts';
import { rowOf } from '../state/fold.ts';
import { placeAmong } from '../state/jumps.ts';
import type { Theme } from '../theme.ts';
import type { TraceView } from '../trace-view.ts';

/** Narrower terminals show less exact times. */
const ROOMY = 100;
/** Narrower ones have room for what is wrong only. */
const NARROW = 80;

/** Start, duration, spans; what is wrong with the trace; services and depth; at the right what is shown of it. */
export function factsLine(screen: WaterfallScreen, view: TraceView, context: Context): string {
  const { zone, theme, columns } = context;
  const { muted, error, warning, strong, glyphs } = theme;
  const { trace, path, orphans } = view;
  const start = formatTime(trace.startUnixNano, zone);
  const parts: Part[] = [
    [` ${columns < ROOMY ? start.slice(0, 19) : start}`, muted],
    ['  '],
    [formatDuration(trace.durationNs), strong],
    [`  ${count(trace.nodes.length, 'span')}`],
  ];
  if (view.errors.length > 0)
    parts.push([`  ${glyphs.alert}${count(view.errors.length, 'error')}`, error]);
  if (orphans > 0) parts.push([`  ${glyphs.missing} ${count(orphans, 'orphan')}`, warning]);
  if (path.shiftsNs.size > 0) parts.push([`  ${glyphs.shifted} clocks differ`, warning]);
  // What is wrong comes first: at the end things are cut.
  if (columns >= NARROW) {
    parts.push([`  ${count(view.serviceColors.size, 'service')}`], [`  depth ${view.depth}`]);
  }
  const shown = restrictions(screen, view, theme);
  return shown.length > 0
    ? spreadParts(parts, shown, columns, glyphs.ellipsis)
    : joinParts(parts, columns, glyphs.ellipsis);
}

/** What keeps spans or time from being shown. */
function restrictions(
  screen: WaterfallScreen,
  view: TraceView,
  { accent, muted, glyphs }: Theme,
): Part[] {
  const { outline, window } = screen;
  const { filter, isolated, hidden, isCriticalOnly } = outline.sieve;
  const notes: string[] = [];
  if (filter !== '') notes.push(`only “${narrowText(filter)}”`);
  if (isolated !== null) notes.push(`only ${narrowText(isolated)}`);
  if (hidden.size > 0) notes.push(`without ${[...hidden].map(narrowText).join(', ')}`);
  if (isCriticalOnly) notes.push('only the critical path');
  if (outline.root !== null) notes.push('a subtree');
  const wanted = view.rows.wantedCount(outline);
  const parts: Part[] = [];
  if (notes.length > 0) {
    parts.push([`${notes.join(', ')} `, accent]);
    parts.push([
      `${wanted.toLocaleString('en')} of ${count(view.trace.nodes.length, 'span')} `,
      muted,
    ]);
  }
  if (window) {
    const [from, to] = [formatDuration(window.startNs), formatDuration(window.endNs)];
    parts.push([` zoom ${from} ${glyphs.arrow} ${to} `, accent]);
  }
  return parts;
}

/** About the selected span, or the group that its row stands for. */
export function aboutSpan(screen: WaterfallScreen, view: TraceView, context: Context): Part[] {
  const node = view.nodes[screen.selected];
  if (!node) return [];
  const { theme, zone } = context;
  const { muted } = theme;
  const parts: Part[] = [
    [` ${narrowText(node.service)} `, theme.strong],
    [narrowText(node.span.name) || '(unnamed)'],
  ];
  if (view.missing.has(node.index)) return aboutMissing(node, view, theme);
  if (view.rows.closedGroup(screen.outline, node) !== null) {
    return [...parts, ...aboutGroup(node, view, theme)];
  }
  const start = screen.showsClockTime
    ? formatTime(node.span.startUnixNano, zone)
    : `+${formatDuration(node.startNs)}`;
  parts.push([`  ${start}`, muted], [`  ${formatDuration(node.span.durationNs)}`]);
  return [...parts, ...oddities(node, view, theme)];
}

function aboutMissing(node: TraceNode, view: TraceView, { muted, warning, glyphs }: Theme): Part[] {
  const lost = node.children.length === 1 ? '1 span has' : `${node.children.length} spans have`;
  return [
    [
      ` ${glyphs.missing} ${lost} the parent ${node.span.spanId}, which is not in the data`,
      warning,
    ],
    [`  ${view.descendants(node).toLocaleString('en')} below`, muted],
  ];
}

function aboutGroup(
  head: TraceNode,
  view: TraceView,
  { muted, strong, error, glyphs }: Theme,
): Part[] {
  const group = view.rows.groups.at(head.index);
  if (!group) return [];
  const { members, totalNs, p50Ns, p95Ns, maxNs, errors, isSerial } = group;
  const parts: Part[] = [
    [` ${glyphs.multiply}${members.length.toLocaleString('en')}`, strong],
    [`  ${glyphs.sum} ${formatDuration(totalNs)}`],
    [`  p50 ${formatDuration(p50Ns)}  p95 ${formatDuration(p95Ns)}  max ${formatDuration(maxNs)}`],
    [isSerial ? '  one after the other' : '  overlapping', muted],
  ];
  return errors > 0 ? [...parts, [`  ${glyphs.error} ${errors}`, error]] : parts;
}

function oddities(node: TraceNode, view: TraceView, { error, warning, glyphs }: Theme): Part[] {
  const { span } = node;
  const parts: Part[] = [];
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
export function placeOf(
  screen: WaterfallScreen,
  view: TraceView,
  visible: Int32Array,
  theme: Theme,
): Part[] {
  const { muted, error, accent, glyphs } = theme;
  const parts: Part[] = [];
  if (screen.search !== '') {
    const matches = view.rows.within(screen.outline, view.matches(screen.search));
    const place = placeAmong(matches, screen.selected);
    parts.push([`/${narrowText(screen.search)} ${place}  `, accent]);
  }
  if (view.nodes[screen.selected]?.span.statusCode === 'error') {
    const errors = view.rows.within(screen.outline, view.errors);
    parts.push([`${glyphs.error} ${placeAmong(errors, screen.selected)}  `, error]);
  }
  const row = rowOf(visible, screen.selected) + 1;
  parts.push([`${row.toLocaleString('en')}/${visible.length.toLocaleString('en')} `, muted]);
  return parts;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
