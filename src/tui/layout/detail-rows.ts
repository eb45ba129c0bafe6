import type { TraceNode } from '../../model/trace.ts';
import type { TimeZone } from '../../report/format-time.ts';
import { type Theme, withoutStyles } from '../theme.ts';
import type { TraceView } from '../trace-view.ts';
import { type DetailLine, DetailText } from './detail-text.ts';
import { spanFacts } from './span-facts.ts';

/** From here on the details stand in two columns. */
const TWO_COLUMNS = 140;
const BETWEEN = 3;

/** What the lines depend on besides the span. */
export interface DetailLook {
  readonly theme: Theme;
  readonly columns: number;
  readonly zone: TimeZone;
  /** Where the span's duration stands among others; null while that is not known. */
  readonly rank?: string | null;
  readonly showsStacks?: boolean;
  /** Only lines in which this occurs, with the headings above them; '' for all. */
  readonly words?: string;
}

interface Made {
  readonly node: TraceNode;
  readonly look: DetailLook;
  readonly lines: readonly DetailLine[];
}

/** The last result for each trace: scrolling asks for the same again and again. */
const made = new WeakMap<TraceView, Made>();

/** Everything about a span, in lines of `look.columns` cells. */
export function detailLines(
  view: TraceView,
  node: TraceNode,
  look: DetailLook,
): readonly DetailLine[] {
  const known = made.get(view);
  if (known?.node === node && isSameLook(known.look, look)) return known.lines;
  const isNarrow = look.columns < TWO_COLUMNS;
  const all = isNarrow ? oneColumn(view, node, look) : twoColumns(view, node, look);
  const lines = withWords(all, look.words ?? '');
  made.set(view, { node, look, lines });
  return lines;
}

function isSameLook(a: DetailLook, b: DetailLook): boolean {
  return (
    a.theme === b.theme &&
    a.columns === b.columns &&
    a.zone === b.zone &&
    a.rank === b.rank &&
    a.showsStacks === b.showsStacks &&
    a.words === b.words
  );
}

function withWords(lines: readonly DetailLine[], words: string): readonly DetailLine[] {
  const wanted = words.toLowerCase().trim();
  if (wanted === '') return lines;
  return lines.filter(
    ({ text, isHeading }) => isHeading || withoutStyles(text).toLowerCase().includes(wanted),
  );
}

function oneColumn(view: TraceView, node: TraceNode, look: DetailLook) {
  const { theme, columns, showsStacks = false } = look;
  const text = new DetailText(theme, columns, showsStacks);
  text.section('Span', null);
  text.fields(spanFacts(view, node, look));
  writeContents(text, node);
  writeSource(text, node);
  return text.lines;
}

/** What the span is and where it comes from on the left, what it says on the right. */
function twoColumns(view: TraceView, node: TraceNode, look: DetailLook): DetailLine[] {
  const { theme, columns, showsStacks = false } = look;
  const width = Math.floor((columns - BETWEEN) / 2);
  const left = new DetailText(theme, width, showsStacks);
  left.section('Span', null);
  left.fields(spanFacts(view, node, look));
  writeSource(left, node);
  const right = new DetailText(theme, columns - width - BETWEEN, showsStacks);
  writeContents(right, node);
  const blank: DetailLine = { text: ' '.repeat(width), isHeading: false };
  const between = ` ${theme.faint(theme.glyphs.guide.through)}`;
  return Array.from({ length: Math.max(left.lines.length, right.lines.length) }, (_, i) => {
    const a = left.lines[i] ?? blank;
    const b = right.lines[i] ?? blank;
    return { text: a.text + between + b.text, isHeading: a.isHeading || b.isHeading };
  });
}

function writeContents(text: DetailText, { span }: TraceNode): void {
  text.attributes('Attributes', span.attributes, span.dropped.attributes);
  text.events(span);
  text.links(span);
}

function writeSource(text: DetailText, { span }: TraceNode): void {
  text.attributes('Resource', span.resource.attributes, 0);
  text.scope(span.scope);
}
