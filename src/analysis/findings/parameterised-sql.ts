/** Statements are compared by their beginning: longer ones are generated, and differ before that or nowhere. */
const MAX_STATEMENT = 4096;

const SQL =
  /^(?:\(|--[^\n]*\n|\/\*[\s\S]*?\*\/|\s)*(?:select|insert|update|delete|replace|merge|upsert|with|create|drop|alter|truncate|begin|start|commit|rollback|savepoint|release|set|call|exec|execute|show|explain|use|lock|pragma|copy|declare|fetch|values)\b/i;

/** In this order: comments hide quotes, quotes hide numbers. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/\/\*[\s\S]*?\*\/|--[^\n]*/g, ' '],
  [/'(?:[^']|'')*'/g, '?'],
  [/\$\d+|%s|%\(\w+\)s|(?<![:\w]):[a-z_]\w*|(?<![@\w])@\w+/gi, '?'],
  [/(?<![\w."`])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\b/gi, '?'],
  [/\(\s*\?(?:\s*,\s*\?)*\s*\)/g, '(?)'],
  [/\(\?\)(?:\s*,\s*\(\?\))+/g, '(?)'],
  [/\s+/g, ' '],
];

/**
 * A SQL statement without comments and values, in lower case, so that executions of one statement get equal texts: literals and
 * placeholders are `?`, lists of them `(?)`. Null when it is not SQL.
 */
export function parameterisedSql(statement: string): string | null {
  const text = statement.slice(0, MAX_STATEMENT);
  if (!SQL.test(text)) return null;
  return REPLACEMENTS.reduce((rest, [pattern, name]) => rest.replace(pattern, name), text)
    .trim()
    .toLowerCase();
}
