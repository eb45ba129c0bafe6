import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { madeRunSpans } from '../helpers/made-run.ts';
import { otlpOf } from '../helpers/otlp-of.ts';
import { BIN, ROOT, temporaryFolder } from '../helpers/run-tracecli.ts';

const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

/** The YAML blocks of the README. */
const BLOCKS = Array.from(README.matchAll(/^```yaml\n(.*?)^```\n/gms), ([, text = '']) => text);

function blockWith(mark: string): string {
  const block = BLOCKS.find((text) => text.includes(mark));
  if (block === undefined) throw new Error(`the README has no block with ${mark}`);
  return block;
}

/** The commands of a pipeline that run tracecli, with what prepares them. */
function commandsOf(file: 'github' | 'gitlab'): string {
  if (file === 'github') {
    const { jobs } = parse(blockWith('.github/workflows'));
    const runs: string[] = jobs.traces.steps.flatMap(({ run }: { run?: string }) => run ?? []);
    return runs.filter((run) => /tracecli analyze/.test(run)).join('\n');
  }
  const { script } = parse(blockWith('.gitlab-ci.yml')).traces;
  return script.slice(0, 3).join('\n');
}

/** A checkout with traces and the README's configuration, in which a shell runs commands as a pipeline does. */
function checkout() {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'traces'));
  mkdirSync(path.join(folder, 'bin'));
  symlinkSync(BIN, path.join(folder, 'bin', 'tracecli'));
  writeFileSync(
    path.join(folder, 'tracecli.yaml'),
    'version: 1\npresets: [recommended]\nchecks:\n  - p95 < 3s\n',
  );
  const traces = (slower: number) =>
    writeFileSync(
      path.join(folder, 'traces', 'run.jsonl'),
      otlpOf(madeRunSpans(80, slower === 1 ? 1 : 2, { slower: { 'POST /charge': slower } })),
    );
  const run = (commands: string) =>
    spawnSync('sh', ['-e', '-c', commands], {
      cwd: folder,
      env: {
        HOME: folder,
        PATH: `${folder}/bin:${process.env['PATH']}`,
        GITHUB_STEP_SUMMARY: `${folder}/summary.md`,
      },
      encoding: 'utf8',
    });
  return { folder, traces, run };
}

test.each([
  ['github', ['traces.sarif', 'traces.md', 'summary.md', 'new.json']],
  ['gitlab', ['traces.xml', 'traces.json', 'traces.txt', 'new.json']],
] as const)('the pipeline of %s runs as it stands', (name, files) => {
  const { folder, traces, run } = checkout();
  traces(1);
  expect(run(commandsOf(name))).toMatchObject({ status: 0, stderr: '' });
  expect(files.filter((file) => !existsSync(path.join(folder, file)))).toEqual([]);
  copyFileSync(path.join(folder, 'new.json'), path.join(folder, 'baselines', 'main.json'));
  expect(run(commandsOf(name)).status).toBe(0);
  traces(2);
  const failed = run(commandsOf(name));
  expect(failed.status).toBe(1);
  if (name === 'github')
    expect(failed.stdout).toContain('::error title=slower or failing%3A pay%3A POST /charge::');
});

test("the README's configuration is one", () => {
  const { folder, run } = checkout();
  writeFileSync(path.join(folder, 'tracecli.yaml'), blockWith('presets: [recommended]\nchecks:'));
  copyFileSync(
    path.join(ROOT, 'fixtures', 'shop.otlp.jsonl'),
    path.join(folder, 'traces', 'run.jsonl'),
  );
  expect(run('tracecli analyze traces/ --config tracecli.yaml').status).toBe(0);
});

test('the recipes for jq answer', () => {
  const { folder, run } = checkout();
  copyFileSync(
    path.join(ROOT, 'fixtures', 'shop.otlp.jsonl'),
    path.join(folder, 'traces', 'run.jsonl'),
  );
  run('tracecli analyze traces/ --json > a.json');
  const recipes = Array.from(README.matchAll(/^jq -r '.*' a\.json/gm), ([command]) => command);
  expect(recipes.length).toBe(4);
  for (const recipe of recipes) {
    const { status, stdout } = run(recipe);
    expect([recipe, status, stdout.trim().split('\n').length > 2]).toEqual([recipe, 0, true]);
    expect(stdout).not.toContain('null');
  }
  const compare =
    /^tracecli compare main\.db branch\.db --json \| (jq .*')/m.exec(README)?.[1] ?? '';
  const baselines = path.join(ROOT, 'fixtures', 'baselines');
  const answer = run(
    `tracecli compare ${baselines}/1.json ${baselines}/slower.json --json | ${compare}`,
  );
  expect(answer.stdout).toMatch(/^11\.\d+\tstock\tGET \/stock$/m);
});
