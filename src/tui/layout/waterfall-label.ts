import type { TraceNode } from '../../model/trace.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import type { SpanGroup } from '../span-groups.ts';
import type { Theme } from '../theme.ts';
import type { TraceView } from '../trace-view.ts';
import { markMatches } from './mark-matches.ts';
import { joinParts, type Part, partsWidth } from './styled-parts.ts';
import { type GuideSpace, guideSpace, treeGuide } from './tree-guide.ts';

/** How a span stands in its row. */
export interface RowState {
  readonly isOpen: boolean;
  /** The siblings that share the row; null for a span of its own. */
  readonly group: SpanGroup | null;
  /** It is there only because of spans below it. */
  readonly isForOthers: boolean;
}

/** What labels depend on besides their spans. */
export interface LabelLook {
  readonly width: number;
  /** Position of the span that stands for the root; null: the trace's roots. */
  readonly root: number | null;
  /** Marked in the names; '' for nothing. */
  readonly mark: string;
}

/** Part of the label that guides may take; the rest is for names. */
const GUIDE_SHARE = 0.5;

/** The guides of a trace in labels of `width` cells. */
export function labelSpace(view: TraceView, { width, root }: LabelLook): GuideSpace {
  const base = root === null ? 0 : (view.nodes[root]?.depth ?? 0);
  return guideSpace(Math.floor(width * GUIDE_SHARE), view.deepest - base, base);
}

/** Guides, sign, service and operation, and what is odd about the span, in `look.width` cells. */
export function waterfallLabel(
  node: TraceNode,
  state: RowState,
  view: TraceView,
  look: LabelLook,
  theme: Theme,
): string {
  const parts = [
    ...signs(node, state, view, look, theme),
    ...names(node, state, view, look, theme),
  ];
  const after = state.group
    ? groupNotes(state.group, look.width - partsWidth(parts), theme)
    : spanNotes(node, state.isOpen, view, theme);
  const width = look.width - partsWidth(after);
  return joinParts(parts, width, theme.glyphs.ellipsis) + joinParts(after, partsWidth(after), '');
}

function signs(
  node: TraceNode,
  state: RowState,
  view: TraceView,
  look: LabelLook,
  theme: Theme,
): Part[] {
  const { glyphs, faint, muted, error, warning } = theme;
  const space = labelSpace(view, look);
  const guide = treeGuide(node, (at) => view.isLastSibling(at), space, glyphs);
  const parts: Part[] = [
    [guide, faint],
    [foldSign(node, state, theme), muted],
  ];
  if (view.missing.has(node.index)) return [...parts, [`${glyphs.missing} `, warning]];
  const index = view.serviceColors.get(node.service) ?? 0;
  const isFailed = state.group ? state.group.errors > 0 : node.span.statusCode === 'error';
  if (isFailed) parts.push([`${glyphs.error} `, error]);
  else parts.push([`${theme.serviceGlyph(index)} `, serviceStyle(index, theme)]);
  return parts;
}

function foldSign({ children }: TraceNode, { isOpen, group }: RowState, { glyphs }: Theme): string {
  if (group) return glyphs.collapsed;
  if (children.length === 0) return ' ';
  return isOpen ? glyphs.expanded : glyphs.collapsed;
}

/** The service where it differs from the caller's, and the operation. */
function names(
  node: TraceNode,
  { isForOthers }: RowState,
  view: TraceView,
  { mark, root }: LabelLook,
  theme: Theme,
): Part[] {
  const { match, strong, muted } = theme;
  const name = narrowText(node.span.name) || '(unnamed)';
  if (view.missing.has(node.index)) return [[name, theme.warning]];
  const operation = markMatches(name, mark, match, isForOthers ? muted : undefined);
  if (node.parent?.service === node.service && node.index !== root) return operation;
  const style = serviceStyle(view.serviceColors.get(node.service) ?? 0, theme);
  const service = isForOthers ? muted : (text: string) => strong(style(text));
  return [...markMatches(narrowText(node.service), mark, match, service), [' '], ...operation];
}

function spanNotes(node: TraceNode, isOpen: boolean, view: TraceView, theme: Theme): Part[] {
  const { glyphs, muted, error, warning } = theme;
  const parts: Part[] = [];
  const reason = view.offPath(node);
  if (reason !== null && (!node.parent || view.offPath(node.parent) !== reason)) {
    parts.push([` ${reason === 'asynchronous' ? 'async' : reason}`, muted]);
  }
  const shift = view.shiftOf(node);
  if (shift !== 0 && view.shiftOf(node.parent ?? node) !== shift) {
    const sign = shift > 0 ? '+' : '';
    parts.push([` ${glyphs.shifted}${sign}${formatDuration(shift)}`, warning]);
  }
  if (node.children.length > 0 && !isOpen) {
    parts.push([` +${view.descendants(node)}`, muted]);
    const errors = view.errorsBelow(node);
    if (errors > 0) parts.push([` ${glyphs.error}${errors}`, error]);
  }
  return parts;
}

/** `×412 p50 2.1ms p95 7.4ms`, as far as there is room beside the name; the sum stands in the column of durations. */
function groupNotes(
  { members, p50Ns, p95Ns, errors }: SpanGroup,
  room: number,
  { glyphs, strong, muted, error }: Theme,
): Part[] {
  const parts: Part[] = [[` ${glyphs.multiply}${members.length.toLocaleString('en')}`, strong]];
  if (errors > 0) parts.push([` ${glyphs.error}${errors}`, error]);
  for (const text of [` p50 ${formatDuration(p50Ns)}`, ` p95 ${formatDuration(p95Ns)}`]) {
    if (partsWidth(parts) + text.length > room) break;
    parts.push([text, muted]);
  }
  return parts;
}

/** The style of a service's name and sign. */
export function serviceStyle(index: number, theme: Theme): (text: string) => string {
  const color = theme.serviceColor(index);
  return color === '' ? (text) => text : (text) => `\x1b[${color}m${text}\x1b[39m`;
}
