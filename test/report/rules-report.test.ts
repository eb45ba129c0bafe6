import { expect, test } from 'vitest';
import { RULES } from '../../src/analysis/findings/rules.ts';
import { RULE_MEANINGS } from '../../src/report/rule-meanings.ts';
import { rulesReport } from '../../src/report/rules-report.ts';

test('every rule says in a line what it detects', () => {
  expect(Object.keys(RULE_MEANINGS).sort()).toEqual(RULES.map(({ name }) => name).sort());
  for (const { title, lines } of rulesReport(RULES).sections) {
    expect(lines[0]?.text).toBe(`  detects: ${RULE_MEANINGS[title]}`);
  }
});
