import { parseXml, type XmlElement, type XmlText } from '@rgrove/parse-xml';
import { parse as parseCsv } from 'csv-parse/sync';
import parseDot from 'dotparser';
import { lexer, type Token, type Tokens } from 'marked';
import { describe, expect, test } from 'vitest';
import { cleanLines, cleanText, narrowText } from '../../src/report/clean-text.ts';
import { dependenciesDot, dependenciesMermaid } from '../../src/report/dependency-graph-text.ts';
import { otlpJsonLine } from '../../src/report/otlp-json-lines.ts';
import { csvField, verdictCsv } from '../../src/report/render-csv.ts';
import { githubAnnotations } from '../../src/report/render-github.ts';
import { gitlabCodeQuality } from '../../src/report/render-gitlab.ts';
import { renderJson } from '../../src/report/render-json.ts';
import { verdictJunit } from '../../src/report/render-junit.ts';
import { reportMarkdown } from '../../src/report/render-markdown.ts';
import { openMetrics } from '../../src/report/render-openmetrics.ts';
import { verdictSarif } from '../../src/report/render-sarif.ts';
import { cell } from '../../src/report/report.ts';
import { verdictReport } from '../../src/report/verdict-report.ts';
import { ATTACKS, DANGEROUS } from '../helpers/attack-strings.ts';
import { callSpan, dependenciesOf } from '../helpers/dependencies-of.ts';
import { spanOf } from '../helpers/span-of.ts';
import { verdictFactsOf } from '../helpers/verdict-facts-of.ts';

const attacks = Object.entries(ATTACKS);

/** What is left of an output for a terminal to obey, or to hide. Joiners of words are ours. */
function danger(output: string): string | undefined {
  return output.replace(/\r?\n/g, '').replaceAll('\u2060', '').match(DANGEROUS)?.[0];
}

describe.each(attacks)('%s', (_, text) => {
  const facts = verdictFactsOf(text);

  test('JSON means the text itself', () => {
    const json = renderJson({ [text]: text });
    expect(JSON.parse(json)).toEqual({ [text]: text });
    expect(danger(json)).toBeUndefined();
  });

  test('OTLP JSON means the text itself', () => {
    const line = otlpJsonLine([
      spanOf({ name: text, statusMessage: text, attributes: { [text]: text } }),
    ]);
    const [span] = JSON.parse(line).resourceSpans[0].scopeSpans[0].spans;
    expect([span.name, span.status.message]).toEqual([text, text]);
    expect(span.attributes).toEqual([{ key: text, value: { stringValue: text } }]);
    expect(danger(line)).toBeUndefined();
  });

  test('SARIF has it in its messages', () => {
    const sarif = verdictSarif({ ...facts, files: { data: text, config: text } }, '1.0.0');
    const [{ results }] = JSON.parse(sarif).runs;
    expect(results.at(-1).message.text).toContain(cleanText(text));
    const { uri } = results[0].locations[0].physicalLocation.artifactLocation;
    expect(decodeURIComponent(uri)).toBe(text.replace('\ud800', '\ufffd').replaceAll('\\', '/'));
    expect(danger(sarif)).toBeUndefined();
  });

  test('GitLab and OpenMetrics have it in one text each', () => {
    const quality = gitlabCodeQuality(facts);
    expect(JSON.parse(quality).at(-1).description).toContain(cleanText(text));
    const metrics = openMetrics(facts, [
      { service: text, operation: text, kind: 'server', count: 1, errors: 0, quantilesNs: [] },
    ]);
    expect(
      metrics
        .trimEnd()
        .split('\n')
        .filter((line) => !/^(# |tracecli_)/.test(line)),
    ).toEqual([]);
    expect([danger(quality), danger(metrics)]).toEqual([undefined, undefined]);
  });

  test('JUnit is XML with it in messages and details', () => {
    const xml = verdictJunit(facts);
    const failures = elementsOf(parseXml(xml).root, 'failure');
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.some((failure) => textOf(failure).includes(cleanLines(text)))).toBe(true);
    expect(danger(xml)).toBeUndefined();
  });

  test('CSV has it in one cell, which is no formula, wherever it is opened', () => {
    const csv = verdictCsv(facts);
    for (const delimiter of [',', ';', '\t']) {
      const rows: string[][] = parseCsv(csv, {
        delimiter,
        relax_quotes: true,
        relax_column_count: true,
      });
      const formulas = rows.flat().filter((field) => FORMULA.test(field.replace(/^["\s]+/, '')));
      // Numbers stay numbers.
      expect(formulas.filter((field) => Number.isNaN(Number(field)))).toEqual([]);
    }
    const rows: string[][] = parseCsv(csv);
    const names = rows.map(([, service]) => service?.replace(/(^|;)'/g, '$1'));
    expect(names).toContain(cleanText(text));
    expect(danger(csv)).toBeUndefined();
  });

  test('Markdown has it as text: no markup, link, mention or reference', () => {
    const markdown = reportMarkdown(
      { sections: [...verdictReport(facts, 100).sections, attackedSection(text)] },
      verdictReport(facts, 1),
      facts.worstTrace,
    );
    const tokens = allTokens(lexer(markdown));
    // `_12 more_` is ours.
    const kinds = new Set(
      tokens.filter(({ raw }) => !/^_[\d,]+ more_$/.test(raw)).map(({ type }) => type),
    );
    for (const kind of ['link', 'image', 'codespan', 'del', 'list', 'hr', 'blockquote', 'em'])
      expect([...kinds]).not.toContain(kind);
    const html = tokens.filter(({ type }) => type === 'html').map(({ raw }) => raw);
    expect(html.join('').replace(OWN_HTML, '').trim()).toBe('');
    const cells = tokens.filter((token): token is Tokens.Table => token.type === 'table');
    const texts = cells.flatMap(({ rows }) => rows.flat().map((one) => plainOf(one.tokens)));
    expect(texts).toContain(cleanText(text).trim());
    const shown = tokens
      .map((token) => ('text' in token && token.type !== 'code' ? String(token.text) : ''))
      .join('\n');
    expect(unescaped(shown)).not.toMatch(/@[\w]|#\d/);
    expect(danger(markdown)).toBeUndefined();
  });

  test('GitHub reads one annotation a line', () => {
    const output = githubAnnotations(facts);
    for (const line of output.trimEnd().split('\n')) {
      const [, title = '', message = ''] =
        /^::(?:error|warning|notice) (?:file=[^:,]*,line=7,)?title=([^:,]*)::(.*)$/.exec(line) ??
        [];
      expect(title).not.toBe('');
      expect(`${title}${message}`.replace(/%(?:25|0A|3A|2C)/g, '')).not.toContain('%');
    }
    expect(output.replaceAll('%25', '%').replaceAll('%3A', ':').replaceAll('%2C', ',')).toContain(
      cleanText(text.split('\n')[0] ?? ''),
    );
    expect(danger(output)).toBeUndefined();
  });

  test('DOT has it as a label of one node', () => {
    const dot = dependenciesDot(callsOf(text));
    const [graph] = parseDot(dot);
    const labels = graph?.children.flatMap((child) =>
      child.type === 'node_stmt'
        ? child.attr_list.flatMap(({ id, eq }) =>
            id === 'label' && typeof eq === 'string' ? [eq] : [],
          )
        : [],
    );
    expect(labels?.map((label) => label.replace(/\\(.)/g, '$1'))).toContain(narrowText(text));
    expect(danger(dot)).toBeUndefined();
  });

  test('Mermaid has it in quotes that nothing in it ends', () => {
    const mermaid = dependenciesMermaid(callsOf(text));
    const line =
      /^ {2}n\d+(?:\(\[|\[\(|\[|>)"[^"<>&]*"(?:\]\)|\)\]|\])$|^ {2}n\d+ -\.?->\|"[^"<>&]*"\| n\d+$/;
    for (const each of mermaid.trimEnd().split('\n').slice(1)) expect(each).toMatch(line);
    const decoded = mermaid.replace(/#(\d+);/g, (_entity, code) =>
      String.fromCodePoint(Number(code)),
    );
    expect(decoded).toContain(narrowText(text));
    expect(danger(mermaid)).toBeUndefined();
  });
});

const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

test.each([
  ['-1.5', "'-1.5"],
  ['a;=1', '"a;\'=1"'],
  ['a; "=1"', '"a;\' ""=1"""'],
  ['＝1', "'＝1"],
  ['a-b', 'a-b'],
])('the text %s is the cell %s', (text, field) => {
  expect(csvField(text)).toBe(field);
});

test('numbers of CSV stay numbers, also negative ones', () => {
  expect([csvField(-1.5), csvField(0), csvField(null)]).toEqual(['-1.5', '0', '']);
});

test.each([
  'mail to someone@example.com',
  'see www.example.com and https://example.com',
  'fixes #12 and GH-12',
  '- a list',
  '1. another',
  '---',
  '=== a heading',
  '    code',
  '$x$ and ~~y~~',
])('Markdown keeps "%s" as it is', (text) => {
  const section = { title: text, lines: [cell(text)], tables: [] };
  const tokens = allTokens(lexer(reportMarkdown({ sections: [section] }, { sections: [] }, null)));
  const kinds = new Set(tokens.map(({ type }) => type));
  expect([...kinds].sort()).toEqual(
    [...kinds]
      .filter((kind) => ['heading', 'html', 'paragraph', 'space', 'text', 'escape'].includes(kind))
      .sort(),
  );
  expect(tokens.filter(({ type }) => type === 'heading')).toHaveLength(1);
});

/** The HTML that Markdown of ours has. */
const OWN_HTML =
  /<!-- tracecli:report -->|<details><summary>[^<>]*<\/summary>|<\/details>|<\/?sub>/g;

/** Somebody calls a service of this name, which calls another. */
function callsOf(service: string) {
  return dependenciesOf([
    callSpan('1', null, service, 'server'),
    callSpan('2', '1', service, 'client'),
    callSpan('3', '2', 'other', 'server'),
  ]);
}

function attackedSection(text: string) {
  const columns = [{ header: text, align: 'left' as const }];
  const table = { columns, rows: [[cell(text)], [cell('last')]], omitted: 0 };
  return { title: text, lines: [cell(text), cell(text, 'strong')], tables: [table], note: text };
}

function allTokens(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    const rows = token.type === 'table' ? (token as Tokens.Table).rows.flat() : [];
    const inner = [
      ...('tokens' in token ? (token.tokens ?? []) : []),
      ...rows.flatMap((one) => one.tokens),
    ];
    return [token, ...allTokens(inner)];
  });
}

/** The text of a cell as a reader sees it. */
function plainOf(tokens: readonly Token[]): string {
  return unescaped(
    tokens.map((token) => ('text' in token ? String(token.text) : '')).join(''),
  ).replaceAll('\u2060', '');
}

function unescaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name = '') =>
    code === undefined ? (entities[name] ?? '') : String.fromCodePoint(Number(code)),
  );
}

function elementsOf(element: XmlElement | null, name: string): XmlElement[] {
  if (element === null) return [];
  const children = element.children.filter(
    (child): child is XmlElement => child.type === 'element',
  );
  return children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...elementsOf(child, name),
  ]);
}

function textOf(element: XmlElement): string {
  return element.children.map((child) => (child as XmlText).text).join('');
}
