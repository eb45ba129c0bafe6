import type { Attributes } from '../../model/attributes.ts';
import type { Scope, Span, SpanEvent } from '../../model/span.ts';
import { nanos, offsetFrom } from '../../model/time.ts';
import { cleanText, narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { traceIdText } from '../../report/trace-id-text.ts';
import type { Style, Theme } from '../theme.ts';
import { attributeText, attributeType } from './attribute-text.ts';
import { textWidth, wrapText } from './fit-text.ts';
import { foldedStack } from './stack-text.ts';
import { joinParts, type Part } from './styled-parts.ts';

/** One line of the details. */
export interface DetailLine {
  readonly text: string;
  readonly isHeading: boolean;
}

/** A name and a value; `note` (a type, an offset) stands between them. */
export interface Field {
  readonly name: string;
  readonly note?: string;
  /** Not cleaned; may have line breaks. */
  readonly value: string;
  readonly style?: Style;
}

const INDENT = 3;
const LONGEST_NAME = 34;
const NAME_SHARE = 0.35;

/** Collects the lines of the details, each exactly as wide as asked. Cleans all text that comes from the data. */
export class DetailText {
  readonly lines: DetailLine[] = [];
  readonly #theme: Theme;
  readonly #width: number;
  readonly #showsStacks: boolean;

  /** Stack traces are cut to their first lines unless `showsStacks`. */
  constructor(theme: Theme, width: number, showsStacks: boolean) {
    this.#theme = theme;
    this.#width = width;
    this.#showsStacks = showsStacks;
  }

  /** A heading with a count, null for none; a blank line before all but the first. */
  section(title: string, count: number | null, note = ''): void {
    const { accent, muted, faint, glyphs } = this.#theme;
    if (this.lines.length > 0) this.#line([], false);
    const parts: Part[] = [[' '], [title, (text) => this.#theme.strong(accent(text))]];
    if (count !== null) parts.push([` ${count}`, muted]);
    if (note !== '') parts.push([` ${note}`, muted]);
    const used = parts.reduce((sum, [text]) => sum + textWidth(text), 0);
    parts.push([` ${glyphs.rule.repeat(Math.max(0, this.#width - used - 2))}`, faint]);
    this.#line(parts, true);
  }

  fields(fields: readonly Field[], indent = INDENT): void {
    const { muted, faint, glyphs } = this.#theme;
    const widest = (texts: string[]) => Math.max(0, ...texts.map(textWidth));
    const most = Math.min(LONGEST_NAME, Math.floor(this.#width * NAME_SHARE));
    const nameCells = Math.min(most, widest(fields.map(({ name }) => narrowText(name))));
    const noteCells = widest(fields.map(({ note = '' }) => note));
    const before = indent + nameCells + (noteCells > 0 ? noteCells + 1 : 0) + 1;
    for (const { name, note = '', value, style } of fields) {
      const head: Part[] = [
        [' '.repeat(indent)],
        [joinParts([[narrowText(name)]], nameCells, glyphs.ellipsis), muted],
      ];
      if (noteCells > 0) head.push([` ${note.padEnd(noteCells)}`, faint]);
      const shown = this.#showsStacks ? value : foldedStack(name, value);
      const valueLines = this.#wrapped(shown, this.#width - before - 1);
      for (const [i, text] of valueLines.entries()) {
        const start: Part[] = i === 0 ? [...head, [' ']] : [[' '.repeat(before)]];
        this.#line([...start, style ? [text, style] : [text]], false);
      }
    }
  }

  attributes(title: string, attributes: Attributes, dropped: number): void {
    this.section(title, attributes.size, droppedNote(dropped));
    this.fields(attributeFields(attributes));
  }

  events(span: Span): void {
    if (span.events.length === 0 && span.dropped.events === 0) return;
    this.section('Events', span.events.length, droppedNote(span.dropped.events));
    const inOrder = [...span.events].sort((a, b) => compare(a.timeUnixNano, b.timeUnixNano));
    for (const event of inOrder) this.#event(event, span);
  }

  links(span: Span): void {
    if (span.links.length === 0 && span.dropped.links === 0) return;
    this.section('Links', span.links.length, droppedNote(span.dropped.links));
    const { glyphs, accent, muted } = this.#theme;
    for (const link of span.links) {
      const place =
        link.traceId === span.traceId ? 'this trace' : `trace ${traceIdText(link.traceId)}`;
      this.#line(
        [
          [' '.repeat(INDENT)],
          [`${glyphs.arrow} `, accent],
          [`span ${link.spanId} `],
          [place, muted],
        ],
        false,
      );
      this.fields(attributeFields(link.attributes), INDENT + 2);
    }
  }

  scope(scope: Scope): void {
    if (scope.name === '' && scope.attributes.size === 0) return;
    this.section('Scope', null);
    const version: Field[] =
      scope.version === '' ? [] : [{ name: 'version', value: scope.version }];
    this.fields([
      { name: 'name', value: scope.name },
      ...version,
      ...attributeFields(scope.attributes),
    ]);
  }

  #event(event: SpanEvent, span: Span): void {
    const { muted, error, strong } = this.#theme;
    const offset =
      event.timeUnixNano === 0n
        ? 'no time'
        : `+${formatDuration(nanos(offsetFrom(span.startUnixNano, event.timeUnixNano)))}`;
    const isException = event.attributes.has('exception.type') || event.name === 'exception';
    const name = narrowText(event.name) || '(unnamed)';
    this.#line(
      [
        [' '.repeat(INDENT)],
        [offset.padStart(8), muted],
        ['  '],
        [name, isException ? (text) => strong(error(text)) : strong],
      ],
      false,
    );
    this.fields(attributeFields(event.attributes, event.droppedAttributes), INDENT + 10);
  }

  /** Lines of at most `width` cells; line breaks in the text stay, tabs become spaces. */
  #wrapped(text: string, width: number): string[] {
    return text
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
      .flatMap((line) => wrapText(cleanText(line.replaceAll('\t', '    ')), Math.max(8, width)));
  }

  #line(parts: readonly Part[], isHeading: boolean): void {
    const text = joinParts(parts, this.#width, this.#theme.glyphs.ellipsis);
    this.lines.push({ text, isHeading });
  }
}

function attributeFields(attributes: Attributes, dropped = 0): Field[] {
  const fields: Field[] = [...attributes].map(([name, value]) => ({
    name,
    note: attributeType(value),
    value: attributeText(value),
  }));
  return dropped > 0 ? [...fields, { name: '', value: droppedNote(dropped) }] : fields;
}

function droppedNote(dropped: number): string {
  return dropped > 0 ? `(${dropped} more dropped by the producer)` : '';
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
