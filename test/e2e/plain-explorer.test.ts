import { expect, test } from 'vitest';
import { newUser } from '../helpers/run-tracecli.ts';

test('the plain explorer takes all that a pipe says, and ends with it', () => {
  const run = newUser();
  run(['import', 'fixtures/shop.otlp.jsonl']);
  const quit = run(['ui', '--plain'], 'rows\nq\n');
  expect({ status: quit.status, stderr: quit.stderr }).toEqual({ status: 0, stderr: '' });
  expect(quit.stdout).toContain('62 traces');
  expect(run(['ui', '--plain'], '')).toMatchObject({ status: 0, stderr: '' });
});
