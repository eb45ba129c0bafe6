import { readQuery } from '../../src/cli/typed-query.ts';
import { UserError } from '../../src/model/user-error.ts';
import { parseQuery } from '../../src/traceql/parse-query.ts';
import { parseConfig } from '../../src/verdict/config.ts';
import { parseCheck } from '../../src/verdict/parse-check.ts';

/** A parser of what people write, and texts that it takes. */
export interface TextParser {
  readonly name: string;
  readonly parse: (text: string) => unknown;
  readonly seeds: readonly string[];
}

export const TEXT_PARSERS: readonly TextParser[] = [
  {
    name: 'TraceQL',
    parse: parseQuery,
    seeds: [
      '{ resource.service.name = "checkout" && duration > 1.5s } >> { status = error } | by(name) | count() > 1',
      '{ span.http.status_code >= 500 || .a =~ "x|y" } | rate() by(.b) | topk(3)',
      '{ } | select(.rpc.method) | avg(duration) > 200ms',
      '{ name = `a\\b` } &>> { !(kind = server) } with (most_recent=true)',
      '((({ .x = -1e3 } && { event:name = "e" })))',
    ],
  },
  {
    name: 'queries in words',
    parse: (text) => readQuery(text.split(' ')),
    seeds: ['checkout -error >200ms', 'service:cart "GET /x" status:error', 'a=b c!=d e~f'],
  },
  {
    name: 'tracecli.yaml',
    parse: (text) => parseConfig(text, 'tracecli.yaml'),
    seeds: [
      'version: 1\npresets: [recommended]\nfail-on: [check]\nalpha: 0.05\nchecks:\n  - "p95[checkout] < 3s"\n  - id: x\n    expr: "error_ratio[payment] < 10%"\n    level: warn\nsuppress:\n  - rule: n-plus-one\n    until: 2027-01-01\n    why: known\n',
      'version: 1\nbaseline: &a run.json\nchecks: [{expr: "p99 < baseline * 1.2"}]\n',
    ],
  },
  {
    name: 'checks',
    parse: (text) => parseCheck(text),
    seeds: [
      'warn: p99.9(self)[checkout/POST *] <= baseline + 10%',
      'slow = every [cart/*]: duration < 200ms',
      'none [frontend -> payment]',
      'findings(n-plus-one >= medium)[shop] == 0',
      'apdex(300ms) > 0.9',
    ],
  },
];

/** Parses a text of any kind. Throws what is no answer to a user. */
export function surviveParse({ parse }: TextParser, text: string): 'taken' | 'refused' {
  try {
    parse(text);
    return 'taken';
  } catch (error) {
    if (!(error instanceof UserError) || error.kind !== 'usage' || error.what === '') throw error;
    return 'refused';
  }
}
