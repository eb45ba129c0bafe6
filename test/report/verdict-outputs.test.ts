import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with {
  type: 'json',
};
import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { Ajv } from 'ajv';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { verdictCsv } from '../../src/report/render-csv.ts';
import { githubAnnotations } from '../../src/report/render-github.ts';
import { gitlabCodeQuality } from '../../src/report/render-gitlab.ts';
import { verdictJunit } from '../../src/report/render-junit.ts';
import { reportMarkdown } from '../../src/report/render-markdown.ts';
import { openMetrics } from '../../src/report/render-openmetrics.ts';
import { verdictSarif } from '../../src/report/render-sarif.ts';
import type { VerdictFacts } from '../../src/report/verdict-facts.ts';
import { verdictReport } from '../../src/report/verdict-report.ts';
import { verdictOf } from '../../src/verdict/verdict.ts';
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
      expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(
        ruleId === 'failed-check'
          ? /^(ci\/tracecli\.yaml|traces\/run%201\.json)$/
          : /^traces\/run%201\.json$/,
      );
    }
    expect(log.runs[0].results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'ci/tracecli.yaml' },
      region: { startLine: 7 },
    });
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
      expect(line).toMatch(
        /^::(error|warning|notice) (file=ci\/tracecli\.yaml,line=7,)?title=[^:,]*::.*$/,
      );
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

describe('what fails nothing', () => {
  const free: VerdictFacts = {
    ...plain,
    failOn: [],
    verdict: verdictOf({ ...plain, findings: [] }, [], false),
  };

  test('is no error, and no failure', () => {
    expect(githubAnnotations(free)).not.toContain('::error');
    expect(verdictJunit(free)).toContain('failures="0"');
    expect(verdictSarif(free, '1')).not.toContain('"error"');
  });

  test('passes without saying so', () => {
    const [head] = verdictReport(free, 10).sections;
    expect(head?.lines[0]?.text).toMatch(/^1 of 4 checks failed, 1 skipped, \d+ regressions$/);
  });

  test('is told apart from what fails', () => {
    const failOn = ['check'] as const;
    const [head] = verdictReport(
      { ...plain, failOn, verdict: verdictOf({ ...plain, findings: [] }, failOn, false) },
      1,
    ).sections;
    expect(head?.lines[0]?.text).toMatch(/^FAIL: .* regressions \(not gated\)$/);
  });
});

test('findings of a whole service are named by it alone', () => {
  const [finding] = plain.findings ?? [];
  if (finding === undefined) throw new Error('no finding');
  const whole = { ...plain, comparison: null, findings: [{ ...finding, operation: '' }] };
  for (const text of [githubAnnotations(whole), verdictJunit(whole), verdictSarif(whole, '1')])
    expect(text).not.toContain('(unnamed)');
});

describe.each(both)('GitLab code quality, %s', (_, facts) => {
  const entries = JSON.parse(gitlabCodeQuality(facts));

  test('has what GitLab asks of a report', () => {
    const validate = new Ajv().compile(CODE_QUALITY);
    expect([validate(entries), validate.errors]).toEqual([true, null]);
    expect(entries[0].location).toEqual({ path: 'ci/tracecli.yaml', lines: { begin: 7 } });
    const marks = entries.map(({ fingerprint }: { fingerprint: string }) => fingerprint);
    expect(marks.length).toBeGreaterThan(4);
  });
});

/** https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
const CODE_QUALITY = {
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', pattern: '^[0-9a-f]{32}$' },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', pattern: '^[^/.]' },
          lines: {
            type: 'object',
            required: ['begin'],
            properties: { begin: { type: 'integer', minimum: 1 } },
          },
        },
      },
    },
  },
};

/** The grammar of https://prometheus.io/docs/specs/om/open_metrics_spec/ as far as it is used. */
const OM_LABEL = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"`;
const OM_LINE = new RegExp(
  String.raw`^(?:# (?:TYPE \w+ (?:summary|gauge)|UNIT \w+ \w+|HELP \w+ .*|EOF)|(\w+)(?:\{${OM_LABEL}(?:,${OM_LABEL})*\})? -?\d[\d.e+-]*)$`,
);

test.each(both)('OpenMetrics, %s', (_, facts) => {
  const operation = {
    service: facts === plain ? 'web' : HOSTILE,
    operation: 'a "b"\\',
    kind: 'server',
  };
  const text = openMetrics(facts, [
    { ...operation, count: 4, errors: 1, quantilesNs: [[0.5, 12_500_000]] },
  ]);
  const lines = text.split('\n');
  expect(lines.splice(-2)).toEqual(['# EOF', '']);
  const families = new Set<string>();
  let family = '';
  for (const line of lines) {
    expect(line).toMatch(OM_LINE);
    const [, type] = /^# TYPE (\w+)/.exec(line) ?? [];
    if (type !== undefined) {
      expect(families.has(type)).toBe(false);
      family = type;
      families.add(type);
    } else expect(line.replace(/^# \w+ /, '')).toMatch(new RegExp(`^${family}(_count)?[ {]`));
  }
  const samples = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.replace(/ \S+$/, ''));
  expect(new Set(samples).size).toBe(samples.length);
  if (facts === plain)
    expect(text).toContain(
      'tracecli_duration_seconds{service="web",operation="a \\"b\\"\\\\",kind="server",quantile="0.5"} 0.0125\n',
    );
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
    expect(text).toMatch(/\*\*FAIL: 1 of 4 checks failed, 1 skipped, \d+ regressions\*\*/);
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
