import type { Scope } from './check.ts';
import type { TextScanner } from './text-scanner.ts';

/** What stands in brackets or braces, null where neither follows. */
export function parseScope(scanner: TextScanner): Scope | null {
  scanner.skipBlanks();
  const start = scanner.position;
  if (scanner.text[start] === '[') return parseBrackets(scanner, start);
  return scanner.text[start] === '{' ? parseBraces(scanner, start) : null;
}

function parseBrackets(scanner: TextScanner, start: number): Scope {
  const end = scanner.text.indexOf(']', start);
  if (end === -1) scanner.fail('"[" is never closed', { at: start });
  const inside = scanner.text.slice(start + 1, end).trim();
  scanner.position = end + 1;
  if (inside === '')
    scanner.fail('expected a service', {
      at: start + 1,
      fix: '[service], [service/name], [*] or [caller -> callee]',
    });
  const arrow = inside.indexOf('->');
  if (arrow !== -1) {
    const [source, target] = [inside.slice(0, arrow).trim(), inside.slice(arrow + 2).trim()];
    if (source === '' || target === '')
      scanner.fail('expected a caller and a callee', { at: start + 1 });
    return { kind: 'edge', source, target };
  }
  const slash = inside.indexOf('/');
  if (slash === -1) return { kind: 'service', service: inside, name: null };
  return { kind: 'service', service: inside.slice(0, slash), name: inside.slice(slash + 1) };
}

/** A TraceQL expression from its first brace on: several spansets may be connected by operators. */
function parseBraces(scanner: TextScanner, start: number): Scope {
  let end = closingBrace(scanner, start);
  for (;;) {
    const between = /\s*(?:&&|\|\||>>|<<|&>>|&>|>|~|!>>|!>|!~|<)\s*(?=\{)/y;
    between.lastIndex = end;
    const operator = between.exec(scanner.text);
    if (operator === null) break;
    end = closingBrace(scanner, end + operator[0].length);
  }
  scanner.position = end;
  return { kind: 'query', text: scanner.text.slice(start, end) };
}

/** The position after the brace that closes the one at `start`; braces in strings do not count. */
function closingBrace(scanner: TextScanner, start: number): number {
  const part = /"(?:[^"\\]|\\.)*"|`[^`]*`|[{}]/g;
  part.lastIndex = start;
  let depth = 0;
  for (let match = part.exec(scanner.text); match !== null; match = part.exec(scanner.text)) {
    if (match[0] === '{') depth++;
    if (match[0] === '}') depth--;
    if (depth === 0) return part.lastIndex;
  }
  return scanner.fail('"{" is never closed', { at: start });
}
