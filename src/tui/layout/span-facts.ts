import { TIME_FLAGS } from '../../model/span.ts';
import { type Nanos, nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { formatTime, type TimeZone } from '../../report/format-time.ts';
import { traceIdText } from '../../report/trace-id-text.ts';
import type { Theme } from '../theme.ts';
import type { TraceView } from '../trace-view.ts';
import type { Field } from './detail-text.ts';

const OFF_PATH = {
  asynchronous: 'not on it: nobody waits for this span',
  detached: 'not on it: ends after everybody who could wait for it',
  outside: 'not on it: no part of it lies inside its parent',
} as const;

export interface FactsLook {
  readonly theme: Theme;
  readonly zone: TimeZone;
  /** Where the span's duration stands among others; null or absent while that is not known. */
  readonly rank?: string | null;
}

/** The facts of a span that every span has: identity, outcome, times, its part of the critical path. */
export function spanFacts(view: TraceView, node: TraceNode, look: FactsLook): Field[] {
  const { theme, zone, rank = null } = look;
  const { span } = node;
  const fields: Field[] = [
    { name: 'service', value: node.service },
    { name: 'operation', value: span.name || '(unnamed)', style: theme.strong },
    { name: 'kind', value: span.kind },
    statusField(node, theme),
    {
      name: 'start',
      value: `${formatTime(span.startUnixNano, zone)}  +${formatDuration(node.startNs)}`,
    },
    { name: 'duration', value: durationText(view, node) },
    ...(rank === null ? [] : [{ name: 'rank', value: rank }]),
    pathField(view, node, theme),
    ...oddities(view, node, theme),
    { name: 'span id', value: span.spanId },
    { name: 'parent', value: parentText(node) },
    { name: 'trace id', value: traceIdText(span.traceId) },
  ];
  if (span.traceState !== '') fields.push({ name: 'trace state', value: span.traceState });
  fields.push({ name: 'read as', value: span.origin.format });
  return fields;
}

function statusField({ span }: TraceNode, { error, success, glyphs }: Theme): Field {
  const message = span.statusMessage === '' ? '' : `: ${span.statusMessage}`;
  if (span.statusCode === 'error') {
    return { name: 'status', value: `${glyphs.alert}error${message}`, style: error };
  }
  const field = { name: 'status', value: span.statusCode + message };
  return span.statusCode === 'ok' ? { ...field, style: success } : field;
}

function durationText(view: TraceView, node: TraceNode): string {
  const { durationNs } = node.span;
  const share = percent(durationNs, view.trace.durationNs);
  const self = formatDuration(view.selfNs(node) ?? nanos(0));
  return `${formatDuration(durationNs)} (${share} of the trace), self ${self}`;
}

function pathField(view: TraceView, node: TraceNode, { criticalPath, glyphs }: Theme): Field {
  const name = 'critical path';
  const sections = view.sectionsOf(node);
  if (sections.length === 0) {
    const reason = view.offPath(node);
    return { name, value: reason === null ? 'not on it' : OFF_PATH[reason] };
  }
  const part = nanos(sections.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0));
  const whole = view.path.endNs - view.path.startNs;
  const pieces = sections.length === 1 ? '' : ` in ${sections.length} pieces`;
  const value = `${glyphs.critical} ${formatDuration(part)} (${percent(part, whole)} of it)${pieces}`;
  return { name, value, style: criticalPath };
}

/** What is wrong or unusual with this span; nothing for most. */
function oddities(view: TraceView, node: TraceNode, { warning }: Theme): Field[] {
  const { timeFlags, origin } = node.span;
  const notes: string[] = [];
  if (timeFlags & TIME_FLAGS.noStart) notes.push('the dump gives no start; shown at its parent’s');
  if (timeFlags & TIME_FLAGS.noEnd) notes.push('the dump gives no end: unfinished or not recorded');
  if (timeFlags & TIME_FLAGS.negativeDuration) notes.push('ends before it starts; shown as 0');
  if (timeFlags & TIME_FLAGS.badTime) notes.push('a time was not a time and is left out');
  const shift = view.shiftOf(node);
  if (shift !== 0) notes.push(`clock is off: ${signed(shift)} would fit its caller`);
  if (node.relation === 'follows-from') notes.push('follows from its parent, which does not wait');
  notes.push(...origin.warnings);
  return notes.map((value) => ({ name: 'note', value, style: warning }));
}

function parentText({ span, parent, missingParent }: TraceNode): string {
  if (missingParent !== null) return `${missingParent} (not in the data)`;
  if (!parent) return 'none: a root';
  return `${span.parentSpanId ?? ''} ${parent.service}: ${parent.span.name}`;
}

function signed(duration: Nanos): string {
  return duration > 0 ? `+${formatDuration(duration)}` : formatDuration(duration);
}

function percent(part: number, whole: number): string {
  return whole <= 0 ? '–' : `${((part / whole) * 100).toFixed(1)}%`;
}
