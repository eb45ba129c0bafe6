import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { detailLines } from '../layout/detail-rows.ts';
import { joinParts, type Part } from '../layout/styled-parts.ts';
import type { Context, SpanScreen } from '../state/app-state.ts';
import { detailLook } from '../state/span-commands.ts';
import { absentView, emptyView, type ScreenView } from './screen-view.ts';

export function spanView(screen: SpanScreen, context: Context): ScreenView {
  const loaded = context.data.trace(screen.traceId);
  if (loaded.status !== 'ready') return absentView(loaded, 'the trace', context);
  const node = loaded.value.nodes[screen.node];
  if (!node) return emptyView(['no such span'], context);
  const { theme, columns, bodyRows } = context;
  const { muted, error, strong, glyphs } = theme;
  const lines = detailLines(loaded.value, node, detailLook(screen, node, context));
  const facts: Part[] = [
    [` ${narrowText(node.service)} `, strong],
    [narrowText(node.span.name) || '(unnamed)'],
    [`  ${formatDuration(node.span.durationNs)}`, strong],
  ];
  if (node.span.statusCode === 'error') facts.push([`  ${glyphs.alert}error`, error]);
  if (screen.words !== '') facts.push([`  only “${narrowText(screen.words)}”`, theme.accent]);
  const last = Math.min(lines.length, screen.top + bodyRows);
  const all = loaded.value.nodes.length.toLocaleString('en');
  const place = ` span ${(screen.node + 1).toLocaleString('en')} of ${all}`;
  const position =
    lines.length > bodyRows ? `lines ${screen.top + 1}–${last} of ${lines.length} ` : '';
  return {
    facts: joinParts(facts, columns, glyphs.ellipsis),
    head: [],
    body: lines.slice(screen.top, last).map(({ text }) => text),
    about: [[place, muted]],
    place: [[position, muted]],
  };
}
