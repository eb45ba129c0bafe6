import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with {
  type: 'json',
};
import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { Ajv } from 'ajv';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { verdictCsv } from '../../src/report/render-csv.ts';
import { githubAnnotations } from '../../src/report/render-github.ts';
import { verdictJunit } from '../../src/report/render-junit.ts';
import { reportMarkdown } from '../../src/report/render-markdown.ts';
import { verdictSarif } from '../../src/report/render-sarif.ts';
import { verdictReport } from '../../src/report/verdict-report.ts';
import { verdictFactsOf } from '../helpers/verdict-facts-of.ts';

/** What an attacker might call a span. */
const HOSTILE =
  '::error title=x::y\n::set-output name=a::b\r <script>alert(1)</script> | `code` ]]> <!-- & "q" \u001b[31m\u0000 =1+1 @everyone ](http://x) %0A';

const plain = verdictFactsOf(null);
const hostile = verdictFactsOf(HOSTILE);
const both = [
  ['plain names', plain],
  ['hostile names', hostile],
] as const;

describe.each(both)('SARIF, %s', (_, facts) => {
  const log = JSON.parse(verdictSarif(facts, '1.0.0'));

  test('is valid by the schema of OASIS', () => {
    const validate = new Ajv({
      strict: false,
      validateFormats: false,
      unicodeRegExp: false,
    }).compile(withoutDraft(sarifSchema));
    expect([validate(log), validate.errors]).toEqual([true, null]);
  });

  test('has a result a failed check, regression, change of structure and finding', () => {
    const rules = new Set<string>(
      log.runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId),
    );
    expect([...rules].sort()).toEqual(['failed-check', 'n-plus-one', 'regression', 'structure']);
    for (const { ruleIndex, ruleId, locations } of log.runs[0].results) {
      expect(log.runs[0].tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(locations[0].physicalLocation.artifactLocation.uri).toBe('traces/run%201.json');
    }
  });
});

/** The schema is draft 4, which Ajv reads when its own marks are gone. */
function withoutDraft(schema: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) => key !== '$schema' && key !== 'id'),
  );
}

/** The rules of Jenkins' junit-10.xsd for what is used of it. */
const JUNIT: Readonly<
  Record<string, { attributes: readonly string[]; children: readonly string[] }>
> = {
  testsuites: {
    attributes: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'],
    children: ['testsuite'],
  },
  testsuite: {
    attributes: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'],
    children: ['testcase'],
  },
  testcase: { attributes: ['name', 'classname', 'time'], children: ['skipped', 'failure'] },
  failure: { attributes: ['type', 'message'], children: [] },
  skipped: { attributes: ['message'], children: [] },
};

function elements(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => child instanceof XmlElement);
}

function checkElement(element: XmlElement): void {
  const { attributes = [], children = [] } = JUNIT[element.name] ?? {};
  expect(Object.keys(element.attributes).filter((name) => !attributes.includes(name))).toEqual([]);
  for (const child of elements(element)) {
    expect(children).toContain(child.name);
    checkElement(child);
  }
}

describe.each(both)('JUnit, %s', (_, facts) => {
  const { root } = parseXml(verdictJunit(facts));
  if (root === null) throw new Error('no document');

  test('is XML by the rules of the format, and its counts are right', () => {
    checkElement(root);
    for (const suite of elements(root)) {
      const cases = elements(suite);
      const having = (name: string) =>
        cases.filter((testCase) => elements(testCase).some((child) => child.name === name)).length;
      expect(Number(suite.attributes['tests'])).toBe(cases.length);
      expect(Number(suite.attributes['failures'])).toBe(having('failure'));
      expect(Number(suite.attributes['skipped'])).toBe(having('skipped'));
    }
  });

  test('has suites of checks, regressions and findings', () => {
    expect(elements(root).map(({ attributes }) => attributes['name'])).toEqual([
      'checks',
      'regressions',
      'findings',
    ]);
  });
});

describe.each(both)('GitHub annotations, %s', (_, facts) => {
  const lines = githubAnnotations(facts).trimEnd().split('\n');

  test('are one workflow command a line, and names start none', () => {
    for (const line of lines) {
      expect(line).toMatch(/^::(error|warning|notice) title=[^:,]*::.*$/);
      expect(Array.from(line).filter((character) => character < ' ')).toEqual([]);
    }
  });

  test('are at most ten of a level', () => {
    for (const level of ['error', 'warning', 'notice'])
      expect(lines.filter((line) => line.startsWith(`::${level}`)).length).toBeLessThanOrEqual(10);
  });
});

test('more than ten annotations end in a word on the rest', () => {
  const [check] = plain.checks;
  if (!check) throw new Error('no check');
  const many = { ...plain, comparison: null, checks: Array.from({ length: 30 }, () => check) };
  const lines = githubAnnotations(many)
    .split('\n')
    .filter((line) => line.startsWith('::error'));
  expect([lines.length, lines.at(-1)]).toEqual([
    10,
    "::error title=tracecli::21 more in the step's summary",
  ]);
});

describe.each(both)('CSV, %s', (_, facts) => {
  const text = verdictCsv(facts);
  const rows: string[][] = parse(text);

  test('is read back by a CSV parser, every row as long as the header', () => {
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
    const kinds = new Set(rows.slice(1).map(([what]) => what));
    expect([...kinds]).toEqual(['check', 'request', 'operation', 'structure']);
  });

  test('no field is a formula', () => {
    for (const row of rows.slice(1))
      for (const field of row)
        expect(
          /^[=+@\t\r]/.test(field) || (field.startsWith('-') && Number.isNaN(Number(field))),
        ).toBe(false);
  });
});

describe.each(both)('Markdown, %s', (_, facts) => {
  const text = reportMarkdown(verdictReport(facts, 100), { sections: [] }, facts.worstTrace);

  test('says the verdict and folds the trace', () => {
    expect(text.startsWith('<!-- tracecli:report -->\n')).toBe(true);
    expect(text).toMatch(/\*\*FAIL: \d of 4 checks failed, \d+ regressions\*\*/);
    expect(text).toMatch(/<details><summary>[^\n]*<\/summary>\n\n`{3,}text\n/);
  });

  test('has no markup but its own', () => {
    // Between tags Markdown means nothing.
    const outside = text
      .replace(/(`{3,})text\n[\s\S]*?\n\1/g, '')
      .replace(/<summary>[^<>]*<\/summary>/g, '<summary></summary>');
    const tags = new Set(Array.from(outside.matchAll(/<\/?([a-z]+)/g), ([, tag = '']) => tag));
    expect([...tags].sort()).toEqual(['details', 'sub', 'summary']);
    expect(outside).not.toContain('@everyone');
    for (const line of outside.split('\n').filter((row) => row.startsWith('|')))
      expect(line.match(/(?<!\\)\|/g)?.length).toBeGreaterThan(3);
    expect(outside.match(/(?<!\\)`/)).toBeNull();
  });
});

test('Markdown keeps the limit of GitHub and says what is missing', () => {
  const lines = Array.from({ length: 400 }, (_, i) => ({
    text: `${'x'.repeat(500)} ${i}`,
    tone: 'plain' as const,
  }));
  const section = { title: 'long', lines, tables: [] };
  const text = reportMarkdown(
    { sections: [verdictReport(plain, 10).sections[0], section].filter((s) => s !== undefined) },
    { sections: [] },
    null,
  );
  expect(text.length).toBeLessThanOrEqual(65_536);
  expect(text).toContain('_1 more sections did not fit._');
});
