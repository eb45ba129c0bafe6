import type { TraceNode } from '../model/trace.ts';
import { attributesJson } from '../report/attribute-json.ts';
import { formatDuration } from '../report/format-duration.ts';
import { formatTime } from '../report/format-time.ts';
import { attributeText } from './layout/attribute-text.ts';
import type { TraceView } from './trace-view.ts';

/** Spans of a trace in Markdown; larger ones nobody reads in a ticket. */
const MOST_LINES = 200;

/** A span as JSON, times in nanoseconds as text. */
export function spanJson(node: TraceNode, view: TraceView): string {
  return JSON.stringify(spanObject(node, view), null, 2);
}

/** A whole trace as JSON. */
export function traceJson(view: TraceView): string {
  const { traceId, startUnixNano, durationNs } = view.trace;
  const spans = view.trace.nodes.map((node) => spanObject(node, view));
  return JSON.stringify(
    { traceId, startUnixNano: String(startUnixNano), durationNs, spans },
    null,
    2,
  );
}

function spanObject({ span, service, startNs }: TraceNode, view: TraceView) {
  return {
    traceId: view.trace.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    service,
    name: span.name,
    kind: span.kind,
    status: { code: span.statusCode, message: span.statusMessage },
    startUnixNano: String(span.startUnixNano),
    offsetNs: startNs,
    durationNs: span.durationNs,
    attributes: attributesJson(span.attributes),
    events: span.events.map(({ timeUnixNano, name, attributes }) => ({
      timeUnixNano: String(timeUnixNano),
      name,
      attributes: attributesJson(attributes),
    })),
    links: span.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    resource: attributesJson(span.resource.attributes),
  };
}

/** A span for a ticket or a chat: facts and attributes as a table, exceptions as code. */
export function spanMarkdown({ span, service, startNs }: TraceNode, view: TraceView): string {
  const facts = [
    ['trace', `\`${view.trace.traceId}\``],
    ['span', `\`${span.spanId}\``],
    ['start', `${formatTime(span.startUnixNano, 'utc')} (+${formatDuration(startNs)})`],
    ['duration', formatDuration(span.durationNs)],
    ['status', [span.statusCode, span.statusMessage].filter(Boolean).join(': ')],
    ...[...span.attributes].map(([key, value]) => [key, attributeText(value)]),
  ];
  const rows = facts.map(([name = '', value = '']) => `| ${cell(name)} | ${cell(value)} |`);
  const stacks = span.events.flatMap(({ attributes }) => {
    const stack = attributes.get('exception.stacktrace');
    return typeof stack === 'string' ? ['', '```', stack.trimEnd(), '```'] : [];
  });
  const title = `**${cell(service)}** ${cell(span.name)}`;
  return [title, '', '| | |', '| --- | --- |', ...rows, ...stacks, ''].join('\n');
}

/** A trace for a ticket or a chat: its spans as an indented list. */
export function traceMarkdown(view: TraceView): string {
  const { trace, errors } = view;
  const { nodes } = trace;
  const failed = errors.length === 0 ? '' : `, ${errors.length} with errors`;
  const title = `Trace \`${trace.traceId}\`: ${formatDuration(trace.durationNs)}, ${nodes.length} spans${failed}`;
  const lines = nodes.slice(0, MOST_LINES).map(({ depth, span, service }) => {
    const error = span.statusCode === 'error' ? ` ✖ ${cell(span.statusMessage)}` : '';
    return `${'  '.repeat(depth)}- **${cell(service)}** ${cell(span.name)} ${formatDuration(span.durationNs)}${error}`;
  });
  const more = nodes.length > MOST_LINES ? [`- … ${nodes.length - MOST_LINES} more`] : [];
  return [title, '', ...lines, ...more, ''].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
