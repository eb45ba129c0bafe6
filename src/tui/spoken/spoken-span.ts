import { TIME_FLAGS } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import type { RowState } from '../layout/waterfall-label.ts';
import type { TraceView } from '../trace-view.ts';

/** A row of a waterfall in words: what the bar, the guides and the signs tell the eye. */
export function spokenSpan(node: TraceNode, state: RowState, view: TraceView): string {
  const level = `level ${node.depth + 1}`;
  if (view.missing.has(node.index)) return [level, ...missingWords(node)].join(', ');
  if (state.group) return [level, ...groupWords(node, state.group)].join(', ');
  const { span } = node;
  const fold = node.children.length > 0 && !state.isOpen;
  return [
    level,
    ...(fold ? [`folded with ${view.descendants(node).toLocaleString('en')} below`] : []),
    nameOf(node),
    ...durationWords(node, view),
    `starts at ${formatDuration(node.startNs)}`,
    ...(span.statusCode === 'error' ? [`error ${narrowText(span.statusMessage)}`.trim()] : []),
    ...pathWords(node, view),
    ...oddWords(node, view),
  ].join(', ');
}

function missingWords({ span, children }: TraceNode): string[] {
  const count = children.length;
  return [`missing parent ${span.spanId} of ${count} span${count === 1 ? '' : 's'}`];
}

function groupWords(node: TraceNode, group: NonNullable<RowState['group']>): string[] {
  const { members, totalNs, p50Ns, p95Ns, maxNs, errors, isSerial } = group;
  return [
    `${members.length.toLocaleString('en')} times ${nameOf(node)}`,
    `${formatDuration(totalNs)} in all`,
    `p50 ${formatDuration(p50Ns)}, p95 ${formatDuration(p95Ns)}, max ${formatDuration(maxNs)}`,
    isSerial ? 'one after the other' : 'overlapping',
    ...(errors > 0 ? [`${errors} errors`] : []),
  ];
}

function nameOf({ service, span }: TraceNode): string {
  return `${narrowText(service)} ${narrowText(span.name) || '(unnamed)'}`;
}

function durationWords(node: TraceNode, view: TraceView): string[] {
  const { durationNs, timeFlags } = node.span;
  if (timeFlags & TIME_FLAGS.noEnd) return ['no end'];
  const share = Math.round((durationNs / Math.max(1, view.trace.durationNs)) * 100);
  const own = view.selfNs(node) ?? nanos(0);
  const self = node.children.length > 0 ? ` of which ${formatDuration(own)} its own` : '';
  return [`${formatDuration(durationNs)}${self}`, `${share}% of the trace`];
}

function pathWords(node: TraceNode, view: TraceView): string[] {
  const sections = view.sectionsOf(node);
  if (sections.length > 0) {
    const part = sections.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0);
    return [`on the critical path for ${formatDuration(nanos(part))}`];
  }
  const reason = view.offPath(node);
  return reason === null ? [] : [reason];
}

function oddWords(node: TraceNode, view: TraceView): string[] {
  const words: string[] = [];
  const shift = view.shiftOf(node);
  if (shift !== 0) words.push(`clock off by ${formatDuration(shift)}`);
  return words;
}
