import { buildTrace } from '../../src/analysis/build-trace.ts';
import { type SpanId, spanId } from '../../src/model/ids.ts';
import type { Span } from '../../src/model/span.ts';
import type { Trace } from '../../src/model/trace.ts';
import { type SpanParts, spanOf } from './span-of.ts';

/** How long one column of a picture is. */
export const COLUMN_NS = 1_000_000;

const START = 1_700_000_000_000_000_000n;
const BAR = /^( *)(\S+)( +)(\[-*\)|\|)( *)$/;

/**
 * A trace from a picture of it. One line per span: its name, then its bar from `[` to `)`, one column a millisecond, the end
 * exclusive; `|` is a span without length. Deeper indentation makes a child of the line above that is less indented.
 *
 *     R     [--------------)
 *       a    [---)
 *         a1  [-)
 *       b         [-----)
 *
 * The leftmost bar starts the trace. A name is also the operation, and the span id in hex (`idOf`). `details` says more about a span by
 * its name: service, kind, status, another parent.
 */
export function drawnTrace(
  picture: string,
  details: Readonly<Record<string, SpanParts>> = {},
): Trace {
  return buildTrace(drawnSpans(picture, details));
}

/** The spans of a picture, in the order of its lines. */
export function drawnSpans(
  picture: string,
  details: Readonly<Record<string, SpanParts>> = {},
): Span[] {
  const lines = picture.split('\n').filter((line) => line.trim() !== '');
  const bars = lines.map(parseLine);
  const origin = Math.min(...bars.map(({ start }) => start));
  const open: { name: string; indent: number }[] = [];
  return bars.map(({ name, indent, start, length }) => {
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const parent = open.at(-1)?.name ?? null;
    open.push({ name, indent });
    return spanOf({
      spanId: idOf(name),
      parentSpanId: parent === null ? null : idOf(parent),
      name,
      startUnixNano: START + BigInt((start - origin) * COLUMN_NS),
      durationNs: length * COLUMN_NS,
      ...details[name],
    });
  });
}

function parseLine(line: string): { name: string; indent: number; start: number; length: number } {
  const [, indent = '', name = '', gap = '', bar = ''] = BAR.exec(line) ?? [];
  if (name === '') throw new RangeError(`not a span of a drawn trace: ${line}`);
  const start = indent.length + name.length + gap.length;
  return { name, indent: indent.length, start, length: bar === '|' ? 0 : bar.length - 1 };
}

/** The span id of a name of at most eight ASCII characters: its codes in hex. */
export function idOf(name: string): SpanId {
  const hex = Array.from(name, (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  const id = spanId(hex.padStart(16, '0'));
  if (id === null) throw new RangeError(`too long a name for a span id: ${name}`);
  return id;
}

/** The name that `idOf` made an id from. */
export function nameOf(id: string): string {
  const codes = id.match(/../g) ?? [];
  return codes
    .map((code) => Number.parseInt(code, 16))
    .filter((code) => code !== 0)
    .map((code) => String.fromCharCode(code))
    .join('');
}
