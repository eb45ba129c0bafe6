import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { newUser, type Run } from '../helpers/run-tracecli.ts';

const SHOP = 'fixtures/shop.otlp.jsonl';

/** One user whose store has the shop's traces. */
function shopUser() {
  const user = newUser();
  user(['import', SHOP]);
  return user;
}

function documentOf(run: Run) {
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  return JSON.parse(run.stdout);
}

describe('queries', () => {
  const fits = (user: ReturnType<typeof newUser>, name: string, document: unknown) => {
    const valid = new Ajv2020({ strict: false }).compile(JSON.parse(user(['schema', name]).stdout));
    valid(document);
    expect(valid.errors ?? []).toEqual([]);
  };

  test.each([
    ['spans', ['{ status = error } | by(name) | count() > 0 | select(.rpc.method, status)']],
    ['series', ['{ status = error } | rate() by (resource.service.name)', '--step', '1m']],
    ['comparison', ['{ } | compare({ status = error })']],
  ])('%s fit the schema', (kind, args) => {
    const user = shopUser();
    const document = documentOf(user(['query', ...args, '--json']));
    expect(document.kind).toBe(kind);
    fits(user, 'query', document);
  });

  test('words and the TraceQL that --explain shows choose the same traces', () => {
    const user = shopUser();
    const words = ['checkout', 'error', '>1ms', '-healthcheck'];
    const plan = documentOf(user(['traces', ...words, '--explain', '--json']));
    fits(user, 'explain', plan);
    const byWords = documentOf(user(['traces', ...words, '--json']));
    const byQuery = documentOf(user(['traces', plan.query, '--json']));
    expect(byWords.matching).toBeGreaterThan(0);
    expect(byQuery.traces).toEqual(byWords.traces);
    expect(plan.steps.at(-1).traces).toBe(byWords.matching);
  });

  test('analyze takes a query, and TraceQL in braces is no dump', () => {
    const user = shopUser();
    const query = '{ resource.service.name = "payment" && status = error }';
    const { dataset } = documentOf(user(['analyze', query, '--only', 'errors', '--json']));
    const { matching } = documentOf(user(['traces', query, '--json']));
    expect(dataset.traces).toBe(matching);
    expect(matching).toBeLessThan(62);
  });

  test('a mistake is pointed at, ends with code 2, and is JSON for scripts', () => {
    const user = shopUser();
    const { status, stderr } = user(['traces', '{ duraton > 5s }']);
    expect(status).toBe(2);
    expect(stderr).toContain('  1 | { duraton > 5s }\n    |   ^^^^^^^ did you mean duration?');
    const { stdout } = user(['query', '{ .a = ', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'tracecli.query/1' });
  });

  test('a query that finds nothing names the nearest attribute', () => {
    const { stdout, stderr, status } = shopUser()(['traces', '{ .rpc.methot = "Charge" }']);
    expect(status).toBe(0);
    expect(stdout).toBe('no trace matches\n');
    expect(stderr).toBe('note: no span of a sample has .rpc.methot; did you mean .rpc.method?\n');
  });

  test('exported traces are the same when they are imported again', () => {
    const user = shopUser();
    const lines = user(['export', 'checkout', 'error', '--quiet']).stdout;
    const other = newUser();
    expect(other(['import', '-'], lines).status).toBe(0);
    const query = ['checkout', 'error', '--json'];
    expect(documentOf(other(['traces', ...query]))).toEqual(documentOf(user(['traces', ...query])));
    expect(other(['export', '--quiet']).stdout).toBe(lines);
  });

  test('a shell gets services, attributes and values of the store', () => {
    const user = shopUser();
    const candidates = (...words: string[]) =>
      user(['complete-words', '--', ...words])
        .stdout.split('\n')
        .filter(Boolean);
    expect(candidates('que')).toEqual(['query']);
    expect(candidates('traces', 'pay')).toContain('payment');
    expect(candidates('traces', 'http.request.method=P')).toEqual([
      'http.request.method=POST',
      'http.request.method=PUT',
    ]);
    expect(candidates('query', '{ resource.service.name = "pay')).toEqual([
      '{ resource.service.name = "payment"',
    ]);
    expect(candidates('query', '{ true } | quant')).toEqual(['{ true } | quantile_over_time(']);
    expect(candidates('analyze', '--format', 'd')).toEqual(['dot']);
    for (const shell of ['bash', 'zsh', 'fish']) {
      expect(user(['completion', shell]).stdout).toContain('tracecli complete-words --');
    }
  });
});
