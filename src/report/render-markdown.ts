import { cleanLines, cleanText } from './clean-text.ts';
import type { Report, Section, Table } from './report.ts';

/** GitHub refuses comments longer than this; a step's summary may be longer. */
const MAX_LENGTH = 65_536;
const MAX_ROWS = 50;
/** Bots that update a comment find theirs by this. */
const MARKER = '<!-- tracecli:report -->';

/**
 * Reports as GitHub's Markdown, to be posted as a comment: the first open, the rest and the drawing of a trace folded. At most
 * 65,536 characters, which GitHub allows; what does not fit is left out, and the text says so. Names are untrusted: nothing in them is markup.
 */
export function reportMarkdown(
  main: Report,
  details: Report,
  drawing: { readonly title: string; readonly drawing: string } | null,
): string {
  const folded: string[] = [];
  if (drawing !== null) folded.push(fold(drawing.title, `${fence(drawing.drawing)}\n`));
  for (const section of details.sections)
    folded.push(fold(section.title, sectionMarkdown({ ...section, title: '' })));
  const blocks = [...main.sections.map(sectionMarkdown), ...folded];
  let text = `${MARKER}\n`;
  let omitted = 0;
  for (const block of blocks) {
    if (text.length + block.length + NOTE_LENGTH > MAX_LENGTH) omitted += 1;
    else text += `${block}\n`;
  }
  return omitted === 0 ? text : `${text}_${omitted} more sections did not fit._\n`;
}

const NOTE_LENGTH = 64;

function fold(title: string, body: string): string {
  return `<details><summary>${escapeHtml(title)}</summary>\n\n${body}\n</details>\n`;
}

/** A fence is longer than any run of backticks in it. */
function fence(text: string): string {
  const lines = cleanLines(text).trimEnd();
  const longest = Math.max(2, ...Array.from(lines.matchAll(/`+/g), ([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}text\n${lines}\n${ticks}`;
}

function sectionMarkdown({ title, lines, tables, note }: Section): string {
  const parts: string[] = [];
  if (title !== '') parts.push(`### ${escapeMarkdown(title)}\n`);
  if (lines.length > 0)
    parts.push(
      `${lines
        .map(({ text, tone }) => {
          const escaped = escapeMarkdown(text.trim());
          return tone === 'error' || tone === 'strong' ? `**${escaped}**` : asText(escaped);
        })
        .join('  \n')}\n`,
    );
  for (const table of tables) parts.push(`${tableMarkdown(table)}\n`);
  if (note !== undefined) parts.push(`<sub>${escapeMarkdown(note)}</sub>\n`);
  return parts.join('\n');
}

function tableMarkdown({ columns, rows, omitted }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, MAX_ROWS);
  const left = omitted + rows.length - shown.length;
  return [
    line(columns.map(({ header }) => escapeMarkdown(header))),
    line(columns.map(({ align }) => (align === 'right' ? '--:' : ':--'))),
    ...shown.map((row) => line(row.map(({ text }) => escapeMarkdown(text)))),
    ...(left > 0 ? [`\n_${left.toLocaleString('en')} more_`] : []),
  ].join('\n');
}

/** Joins words and cannot be seen: what stands on both sides of it is no mention, address or reference. */
const WORD_JOINER = '\u2060';

/**
 * Everything that could be markup, a mention, a reference, a link or a tag becomes text. GitHub looks for mentions, addresses and
 * references in the finished text, where escapes are gone: those are taken apart by a word joiner.
 */
function escapeMarkdown(text: string): string {
  return escapeHtml(text)
    .replace(/[\\`*_{}[\]()+!|~$]|(?<!&)#/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=\b(?:mailto|xmpp)):/gi, '&#58;')
    .replace(/(?<=\bwww)\./gi, '&#46;');
}

/** The same for text between tags, where Markdown means nothing. */
function escapeHtml(text: string): string {
  return cleanText(text)
    .replace(/@(?=[\p{L}\p{N}_])/gu, `@${WORD_JOINER}`)
    .replace(/(#|\bGH-)(?=\d)/gi, `$1${WORD_JOINER}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;');
}

/** Escaped text at the beginning of a line, where more signs mean something: lists, rules, headings. */
function asText(escaped: string): string {
  return escaped.replace(/^(?:[-=]|\d+(?=[.)]))/, (begin) =>
    /\d/.test(begin) ? `${begin}${WORD_JOINER}` : `\\${begin}`,
  );
}
