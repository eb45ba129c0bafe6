import type { ChalkInstance } from 'chalk';
import type { PathSection } from '../analysis/critical-path.ts';
import type { Finding, Severity } from '../analysis/findings/finding.ts';
import type { SpanRank } from '../analysis/span-ranks.ts';
import type { SpanId } from '../model/ids.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { cleanText } from './clean-text.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import { formatTime, type TimeZone } from './format-time.ts';
import { linesOf } from './render-table.ts';
import type { TraceFacts } from './trace-document.ts';
import { traceIdText } from './trace-id-text.ts';
import { type Interval, type WaterfallOptions, waterfallText } from './waterfall-text.ts';

export interface TraceReportOptions extends WaterfallOptions {
  readonly zone: TimeZone;
  /** Whether lines below the drawing are broken to fit. By default they are not. */
  readonly wraps?: boolean;
}

/** One trace for reading: a head, the waterfall, and what to know about both. */
export function traceText(facts: TraceFacts, options: TraceReportOptions): string {
  const { trace, path, errors, ranks = [] } = facts;
  const shown = shownFindings(facts);
  const waterfall = waterfallText(
    trace,
    {
      critical: criticalIntervals([path, ...path.otherRoots].flatMap(({ sections }) => sections)),
      errorOrigins: new Set(errors.origins.map(({ index }) => index)),
      findings: findingNumbers(trace, shown),
      ranks: ranks.map(rankText),
    },
    options,
  );
  const notes = noteLines(facts)
    .flatMap((line) => linesOf(cleanText(line), fitOf(options)))
    .map((line) => `${options.paint.dim(line)}\n`);
  const findings = findingLines(shown, options);
  return `${headText(facts, options)}\n${waterfall}\n${findings}${notes.join('')}`;
}

const MAX_FINDINGS = 10;

/** Those worth a mark: what only informs is said of most traces. */
function shownFindings({ findings }: TraceFacts): readonly Finding[] {
  const marked = findings?.findings.filter(({ severity }) => severity !== 'info') ?? [];
  return marked.slice(0, MAX_FINDINGS);
}

/** By node index the numbers, from 1, of the findings that name the span. */
function findingNumbers(trace: Trace, findings: readonly Finding[]): Map<number, number[]> {
  const numbers = new Map<SpanId, number[]>();
  for (const [i, { exemplars }] of findings.entries()) {
    for (const id of new Set(exemplars.flatMap(({ spanIds }) => spanIds))) {
      numbers.set(id, [...(numbers.get(id) ?? []), i + 1]);
    }
  }
  return new Map(
    trace.nodes.flatMap(({ index, span }) => {
      const own = numbers.get(span.spanId);
      return own ? [[index, own] as const] : [];
    }),
  );
}

/** Below so many spans a rank says nothing. */
const MIN_RANKED = 10;

/** `p97`, `p99.3`, `max` of an operation's durations; nothing where they are few. */
function rankText(rank: SpanRank | null): string | null {
  if (rank === null || rank.count < MIN_RANKED) return null;
  if (rank.below + rank.equal === rank.count && rank.equal === 1) return 'max';
  const percent = rank.share * 100;
  return percent < 99
    ? `p${Math.max(1, Math.floor(percent))}`
    : `p${(Math.floor(percent * 10) / 10).toFixed(1)}`;
}

const TONES: Readonly<Record<Severity, (paint: ChalkInstance) => ChalkInstance>> = {
  high: (paint) => paint.red,
  medium: (paint) => paint.yellow,
  low: (paint) => paint,
  info: (paint) => paint.dim,
};

function fitOf({ width, wraps = false }: TraceReportOptions) {
  return { width, wraps };
}

function findingLines(findings: readonly Finding[], options: TraceReportOptions): string {
  const { paint } = options;
  const advised = new Set<string>();
  const lines = findings.flatMap(({ rule, severity, title, impactNs, advice }, i) => {
    const cost = impactNs.max > 0 ? `, costs up to ${formatDuration(impactNs.max)}` : '';
    const text = `⚑${i + 1} ${severity} ${rule}: ${cleanText(title)}${cost}`;
    const told = linesOf(text, fitOf(options)).map((line) => TONES[severity](paint)(line));
    if (advised.has(rule)) return told;
    advised.add(rule);
    const more = linesOf(`   ${advice}`, fitOf(options)).map((line) => paint.dim(line));
    return [...told, ...more];
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

function headText({ trace, errors }: TraceFacts, options: TraceReportOptions): string {
  const { paint, zone } = options;
  const services = new Set(trace.nodes.map(({ service }) => service));
  const counts = [
    formatCount(trace.nodes.length, 'span'),
    formatCount(services.size, 'service'),
    formatCount(errors.errors.length, 'error'),
  ].join(', ');
  const id = traceIdText(trace.traceId);
  const rest = `${formatTime(trace.startUnixNano, zone)}  ${formatDuration(trace.durationNs)}  ${counts}`;
  const line = linesOf(`${id}  ${rest}`, fitOf(options)).join('\n').replace(id, paint.bold(id));
  const { primary } = errors;
  if (primary === null) return `${line}\n`;
  const message = primary.span.statusMessage;
  const failed = `failed at ${spanText(primary)}${message ? `: ${cleanText(message)}` : ''}`;
  const told = linesOf(failed, fitOf(options)).map((text) => paint.red(text));
  return `${line}\n${told.join('\n')}\n`;
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
function noteLines({ trace, path, errors, ranks = [], findings }: TraceFacts): string[] {
  const notes = [
    '█ on the critical path  ▒ off it  ✖ error  × passed on  ⚑ finding  ⤹ its parent is missing',
  ];
  if (ranks.some((rank) => rankText(rank) !== null)) {
    notes.push(
      'p97: the 97th percentile of the durations of its operation in the store; sum: of all that are folded',
    );
  }
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
  const marked = findings?.findings.filter(({ severity }) => severity !== 'info') ?? [];
  say(marked.length - MAX_FINDINGS, 'more finding', 'in --json');
  const informing = findings?.findings.filter(({ severity }) => severity === 'info') ?? [];
  say(
    informing.length,
    'more finding',
    `for information: ${[...new Set(informing.map(({ rule }) => rule))].join(', ')}`,
  );
  return notes;
}
