import type { TraceNode } from '../../model/trace.ts';
import { narrowText } from '../../report/clean-text.ts';
import type { Theme } from '../theme.ts';
import type { TraceView } from '../trace-view.ts';
import { joinParts, type Part, partsWidth } from './styled-parts.ts';
import { serviceStyle } from './waterfall-label.ts';

/** The ancestors of the first row that have scrolled off, nearest last; those that do not fit are counted. */
export function ancestorsLine(
  first: TraceNode,
  root: number | null,
  view: TraceView,
  columns: number,
  theme: Theme,
): string {
  const { glyphs, faint, muted } = theme;
  const parts: Part[] = [];
  let at: TraceNode | null = first.index === root ? null : first.parent;
  // Room for the count of those that are left out.
  let room = columns - 2 - ELIDED_CELLS;
  for (; at; at = at.index === root ? null : at.parent) {
    const next = ancestorParts(at, root, view, theme);
    room -= partsWidth(next) + SEPARATOR_CELLS;
    if (room < 0) break;
    if (parts.length > 0) parts.unshift([` ${glyphs.crumb} `, faint]);
    parts.unshift(...next);
  }
  const elided: Part[] = at ? [[`${glyphs.elidedDepth}${at.depth + 1} `, muted]] : [];
  return joinParts([[`  `], ...elided, ...parts], columns, glyphs.ellipsis);
}

const ELIDED_CELLS = 8;
const SEPARATOR_CELLS = 3;

function ancestorParts(
  node: TraceNode,
  root: number | null,
  view: TraceView,
  theme: Theme,
): Part[] {
  const name = narrowText(node.span.name) || '(unnamed)';
  if (node.parent?.service === node.service && node.index !== root) return [[name, theme.muted]];
  const style = serviceStyle(view.serviceColors.get(node.service) ?? 0, theme);
  return [[narrowText(node.service), style], [' '], [name, theme.muted]];
}

/** Which sign and colour stands for which service; hidden ones in brackets. */
export function legendLine(
  view: TraceView,
  hidden: ReadonlySet<string>,
  columns: number,
  theme: Theme,
): string {
  const parts: Part[] = [['  ']];
  for (const [service, index] of view.serviceColors) {
    const style = serviceStyle(index, theme);
    const name = narrowText(service);
    if (hidden.has(service)) parts.push([`(${name})  `, theme.faint]);
    else parts.push([`${theme.serviceGlyph(index)} `, style], [`${name}  `, theme.muted]);
  }
  return joinParts(parts, columns, theme.glyphs.ellipsis);
}
