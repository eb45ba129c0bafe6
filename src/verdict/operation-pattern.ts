import { namePattern } from '../analysis/findings/name-pattern.ts';

/** What follows a question mark is a query string where it has the shape of one: `?user=7&page=2`. */
const QUERY = /\?[^\s?]*=[^\s?]*/g;
/** `{id}`, `<id>` and `:id` as a whole path segment: the router's name for a value that others write out. */
const PLACEHOLDER = /(?<=\/)(?:\{[^/{}]*\}|<[^/<>]*>|:[A-Za-z_]\w*)(?=$|[/\s?])/g;
/** Quick to say of most names that they have none. */
const OPENS_PLACEHOLDER = /\/[{<:]/;

/**
 * The name under which an operation of one run meets that of another: ids, UUIDs, numbers and the placeholders of routes become `*`, values of
 * query strings are left out. `GET /user/123`, `GET /user/124` and `GET /user/{id}` are one operation. Other names stay as they are.
 */
export function operationPattern(name: string): string {
  const path = name.includes('?') ? name.replace(QUERY, '?…') : name;
  return namePattern(OPENS_PLACEHOLDER.test(path) ? path.replace(PLACEHOLDER, '*') : path);
}
