import type { ChalkInstance } from 'chalk';
import type { PathSection } from '../analysis/critical-path.ts';
import type { TraceNode } from '../model/trace.ts';
import { cleanText } from './clean-text.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import { formatTime, type TimeZone } from './format-time.ts';
import type { TraceFacts } from './trace-document.ts';
import { traceIdText } from './trace-id-text.ts';
import { type Interval, waterfallText } from './waterfall-text.ts';

export interface TraceReportOptions {
  readonly width: number;
  readonly paint: ChalkInstance;
  readonly zone: TimeZone;
  readonly depth: number;
  readonly criticalPathOnly: boolean;
}

/** One trace for reading: a head, the waterfall, and what to know about both. */
export function traceText(facts: TraceFacts, options: TraceReportOptions): string {
  const { trace, path, errors } = facts;
  const waterfall = waterfallText(
    trace,
    {
      critical: criticalIntervals([path, ...path.otherRoots].flatMap(({ sections }) => sections)),
      errorOrigins: new Set(errors.origins.map(({ index }) => index)),
    },
    options,
  );
  const notes = noteLines(facts).map((line) => `${options.paint.dim(cleanText(line))}\n`);
  return `${headText(facts, options)}\n${waterfall}\n${notes.join('')}`;
}

function headText({ trace, errors }: TraceFacts, { paint, zone }: TraceReportOptions): string {
  const services = new Set(trace.nodes.map(({ service }) => service));
  const counts = [
    formatCount(trace.nodes.length, 'span'),
    formatCount(services.size, 'service'),
    formatCount(errors.errors.length, 'error'),
  ].join(', ');
  const line = `${paint.bold(traceIdText(trace.traceId))}  ${formatTime(trace.startUnixNano, zone)}  ${paint.bold(formatDuration(trace.durationNs))}  ${counts}`;
  const { primary } = errors;
  if (primary === null) return `${line}\n`;
  const message = primary.span.statusMessage;
  return `${line}\n${paint.red(`failed at ${spanText(primary)}${message ? `: ${cleanText(message)}` : ''}`)}\n`;
}

function spanText({ service, span }: TraceNode): string {
  return cleanText(`${service}: ${span.name || '(unnamed)'}`);
}

/** A span's sections in its own time, where its bar is drawn. */
function criticalIntervals(sections: readonly PathSection[]): Map<number, Interval[]> {
  const intervals = new Map<number, Interval[]>();
  for (const { node, startNs, endNs, shiftNs } of sections) {
    if (node === null) continue;
    const own = { startNs: startNs - shiftNs, endNs: endNs - shiftNs };
    const known = intervals.get(node.index);
    if (known) known.push(own);
    else intervals.set(node.index, [own]);
  }
  return intervals;
}

/** What the picture cannot show: the legend, and where the critical path is on thin ice. */
function noteLines({ trace, path, errors }: TraceFacts): string[] {
  const notes = ['█ on the critical path  ▒ off it  ✖ error  × passed on  ⤹ its parent is missing'];
  const say = (count: number, noun: string, meaning: string) => {
    if (count > 0) notes.push(`${formatCount(count, noun)} ${meaning}`);
  };
  say(path.shifts.length, 'span', 'on a clock that is off; moved for the critical path');
  say(path.detached.length, 'span', 'outlived whoever could wait for them; off the critical path');
  say(path.asynchronous.length, 'span', 'nobody waits for (messages, follows-from)');
  say(path.outside.length, 'span', 'without time inside their parent');
  say(path.otherRoots.length, 'other root', 'with a critical path of their own');
  say(path.lostParents.length, 'parent', 'missing from the data');
  if (path.lostNs > 0 && trace.durationNs > 0) {
    const share = formatRatio(path.lostNs / trace.durationNs);
    notes.push(`${share} of the time belongs to missing parents: no evidence for it`);
  }
  if (path.tailNs > 0)
    notes.push(`${formatDuration(path.tailNs)} of work after the root had ended`);
  say(errors.suppressedAt.length, 'span', 'absorbed errors from below');
  return notes;
}
