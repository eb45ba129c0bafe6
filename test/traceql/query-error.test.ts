import { expect, test } from 'vitest';
import { UserError } from '../../src/model/user-error.ts';
import { parseQuery } from '../../src/traceql/parse-query.ts';

function errorOf(query: string): UserError {
  try {
    parseQuery(query);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`nothing is wrong with ${query}`);
}

const text = (query: string) => {
  const { what, where, fix } = errorOf(query);
  return [what, ...where, ...(fix === null ? [] : [`try ${fix}`])].join('\n');
};

test('an unknown name is pointed at, with the nearest one', () => {
  expect(text('{ duraton > 5s }')).toMatchInlineSnapshot(`
    "no span has a "duraton" by itself
    1 | { duraton > 5s }
      |   ^^^^^^^ did you mean duration?"
  `);
});

test('types that cannot be compared are told by name', () => {
  expect(text('{ duration > "5s" }')).toMatchInlineSnapshot(`
    "a duration and a string cannot stand around ">"
    1 | { duration > "5s" }
      |              ^^^^ this is a string, on the left is a duration"
  `);
});

test('the line and the place are those of a query of several lines', () => {
  expect(text('{ status = error }\n  | by(name) |\n count()')).toMatchInlineSnapshot(`
    "values of pipelines are compared with numbers only
    1 | { status = error }
      | ^^^^^^^^^^^^^^^^^^
    try { … } | count() > 3"
  `);
});

test('a query that ends too early says what it lacks', () => {
  expect(text('{ .a = ')).toMatchInlineSnapshot(`
    "the query ends too early
    1 | { .a = 
      |        ^ expected an attribute (.http.route), an intrinsic (duration) or a value ("text", 500, 200ms)"
  `);
});

test.each([
  ['{ parent.a = 1 }', /parent is not supported/],
  ['{ .a =~ "(?=b)" }', /regular expression of RE2/],
  ["{ .a = 'b' }", /single quotes/],
  ['{ .a == 1 }', /unexpected "="/],
  ['{ trace:name = "a" }', /no trace:name/],
  ['{ } | rate() + 5', /unexpected "\+"/],
  ['{ } | max(.a) - min(.a) > 3', /cannot be reckoned with/],
  ['({ } | count()) > ({ } | count())', /cannot be compared/],
  ['{ .a = 99999999999999999999 }', /largest integer/],
  ['{ .a = 1.5d }', /neither a number nor a duration/],
  [`{ ${'('.repeat(5000)}true`, /nests at most/],
])('%s is refused by name', (query, what) => {
  expect(errorOf(query).what).toMatch(what);
});
