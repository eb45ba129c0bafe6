import type { SpanId, TraceId } from '../model/ids.ts';
import type { UnixNano } from '../model/time.ts';
import type { TracesScreen, WaterfallScreen } from './state/app-state.ts';

/** The command line that opens a trace as it is seen: at the span, with the filter, zoomed. */
export function traceCommand(
  traceId: TraceId,
  spanId: SpanId | null,
  waterfall: WaterfallScreen | null,
): string {
  const words = ['tracecli', 'ui', '--trace', traceId];
  if (spanId !== null) words.push('--span', spanId);
  const filter = waterfall?.outline.sieve.filter ?? '';
  if (filter !== '') words.push('--filter', quoted(filter));
  const window = waterfall?.window ?? null;
  if (window)
    words.push('--zoom', `${Math.round(window.startNs)}ns..${Math.round(window.endNs)}ns`);
  return words.join(' ');
}

/** The command line that prints the list of traces with its filters and in its order. */
export function listCommand({
  words,
  query,
  service,
  errorsOnly,
  scope,
  sort,
  descending,
}: TracesScreen): string {
  const { minDurationNs, maxDurationNs, since, until } = scope;
  const options: string[] = ['tracecli', 'traces'];
  if (query !== '') options.push(quoted(query));
  for (const word of [...(scope.words ?? []), ...words.split(/\s+/)]) {
    if (word !== '') options.push(quoted(word));
  }
  if (service !== null) options.push('--service', quoted(service));
  if (errorsOnly) options.push('--errors');
  if (minDurationNs !== undefined) options.push('--min-duration', `${minDurationNs}ns`);
  if (maxDurationNs !== undefined) options.push('--max-duration', `${maxDurationNs}ns`);
  if (since !== undefined) options.push('--since', isoTime(since));
  if (until !== undefined) options.push('--until', isoTime(until));
  if (sort !== 'start') options.push('--sort', sort);
  if (!descending) options.push('--reverse');
  return options.join(' ');
}

/** Exact, in UTC. */
function isoTime(time: UnixNano): string {
  const seconds = new Date(Number(time / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(time % 1_000_000_000n).padStart(9, '0')}Z`;
}

/** As one word of a shell. */
function quoted(text: string): string {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
