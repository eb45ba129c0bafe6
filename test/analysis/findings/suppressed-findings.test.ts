import { expect, test } from 'vitest';
import { detect } from '../../../src/analysis/findings/detect.ts';
import { slowDbRule } from '../../../src/analysis/findings/slow-db-rule.ts';
import { withoutSuppressed } from '../../../src/analysis/findings/suppressed-findings.ts';
import { drawnTrace } from '../../helpers/drawn-trace.ts';

function slowQueries() {
  const query = (name: string) => ({
    name,
    kind: 'client' as const,
    attributes: { 'db.system': 'mysql', 'db.statement': `select ${name} from t` },
  });
  const accumulator = detect([slowDbRule], { params: { 'slow-db.minDurationMs': 1 } });
  accumulator.add(
    drawnTrace('R [-------)\n a [--)\n b     [--)', { a: query('one'), b: query('two') }),
  );
  return accumulator.result();
}

test('findings whose fingerprints are listed are left out and counted', () => {
  const all = slowQueries();
  expect(all.findings).toHaveLength(2);
  const [first, second] = all.findings.map(({ fingerprint }) => fingerprint);
  const rest = withoutSuppressed(all, [first?.slice(0, 12) ?? '']);
  expect(rest.findings.map(({ fingerprint }) => fingerprint)).toEqual([second]);
  expect(rest.suppressed).toBe(1);
});

test('without a list all findings stay', () => {
  const all = slowQueries();
  expect(withoutSuppressed(all, [])).toEqual({ ...all, suppressed: 0 });
});
