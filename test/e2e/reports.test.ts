import { expect, test } from 'vitest';
import { newUser } from '../helpers/run-tracecli.ts';

const SHOP = 'fixtures/shop.otlp.jsonl';

/** The text that a user sees of the shop's traces, without the store's path. */
test.each([
  ['analyze', ['analyze', SHOP]],
  ['analyze-by-service', ['analyze', SHOP, '--only', 'critical-path', '--group-by', 'service']],
  ['analyze-80', ['analyze', SHOP, '--width', '80']],
  ['analyze-60', ['analyze', SHOP, '--width', '60']],
  ['analyze-errors', ['analyze', SHOP, '--only', 'errors']],
  ['analyze-findings', ['analyze', SHOP, '--only', 'findings', '--width', '100']],
  ['analyze-dependencies', ['analyze', SHOP, '--only', 'dependencies']],
  ['analyze-red', ['analyze', SHOP, '--only', 'red']],
  ['analyze-mermaid', ['analyze', SHOP, '--format', 'mermaid']],
  ['analyze-dot', ['analyze', SHOP, '--format', 'dot']],
  ['rules', ['rules']],
  ['help', ['--help']],
  ['help-import', ['import', '--help']],
  ['help-analyze', ['analyze', '--help']],
])('golden text of %s', async (name, args) => {
  const { stdout, stderr, status } = newUser()(args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  await expect(stdout).toMatchFileSnapshot(`../golden/reports/${name}.txt`);
});

test('golden text of traces and of one failed trace', async () => {
  const run = newUser();
  run(['import', SHOP]);
  await expect(run(['traces', '--limit', '12', '--utc']).stdout).toMatchFileSnapshot(
    '../golden/reports/traces.txt',
  );
  const { traces } = JSON.parse(
    run(['traces', 'checkout', '--errors', '--sort', 'spans', '--limit', '1', '--json']).stdout,
  );
  const [{ traceId }] = traces;
  await expect(run(['show', traceId, '--utc']).stdout).toMatchFileSnapshot(
    '../golden/reports/show.txt',
  );
  await expect(run(['show', traceId, '--utc', '--width', '80']).stdout).toMatchFileSnapshot(
    '../golden/reports/show-80.txt',
  );
});
