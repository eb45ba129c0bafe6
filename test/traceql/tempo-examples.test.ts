import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { parseQuery } from '../../src/traceql/parse-query.ts';
import { printQuery } from '../../src/traceql/print-query.ts';
import { QueryError } from '../../src/traceql/query-error.ts';
import { CORPUS, corpusTest } from '../helpers/corpus.ts';

interface Example {
  readonly query: string;
}

/** The queries of Tempo's own parser tests, and what its parser makes of each. */
function examples(): Record<'valid' | 'parse_fails' | 'validate_fails' | 'unsupported', Example[]> {
  const file = path.join(CORPUS ?? '', 'cases/semantics/traceql_examples.json');
  return JSON.parse(readFileSync(file, 'utf8'));
}

function refusal(query: string): string | null {
  try {
    parseQuery(query);
    return null;
  } catch (error) {
    if (error instanceof QueryError) return error.what;
    throw error;
  }
}

describe("Tempo's example queries", () => {
  corpusTest('all that Tempo runs are understood', () => {
    const refused = examples().valid.flatMap(({ query }) => {
      const why = refusal(query);
      return why === null ? [] : [{ query, why }];
    });
    expect(refused).toEqual([]);
    expect(examples().valid).toHaveLength(284);
  });

  corpusTest.each(['parse_fails', 'validate_fails', 'unsupported'] as const)(
    'all that Tempo refuses are refused: %s',
    (kind) => {
      const queries = examples()[kind];
      const accepted = queries.filter(({ query }) => refusal(query) === null);
      expect(accepted.map(({ query }) => query)).toEqual([]);
      expect(queries.length).toBeGreaterThan(20);
    },
  );

  corpusTest('a query printed and parsed again is the same query', () => {
    for (const { query } of examples().valid) {
      const printed = printQuery(parseQuery(query));
      expect(printQuery(parseQuery(printed)), query).toBe(printed);
    }
  });
});
