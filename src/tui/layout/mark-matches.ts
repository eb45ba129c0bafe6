import type { Style } from '../theme.ts';
import type { Part } from './styled-parts.ts';

/** `text` in parts, those that equal `wanted` (whatever the case) in the look of a match, the others in `style`. */
export function markMatches(text: string, wanted: string, match: Style, style?: Style): Part[] {
  const plain = (part: string): Part => (style ? [part, style] : [part]);
  if (wanted === '') return [plain(text)];
  const lower = text.toLowerCase();
  // A letter whose lower case has another length would shift the places.
  if (lower.length !== text.length) return [plain(text)];
  const parts: Part[] = [];
  let from = 0;
  const looked = wanted.toLowerCase();
  for (let at = lower.indexOf(looked); at >= 0; at = lower.indexOf(looked, from)) {
    if (at > from) parts.push(plain(text.slice(from, at)));
    from = at + looked.length;
    parts.push([text.slice(at, from), match]);
  }
  if (from < text.length) parts.push(plain(text.slice(from)));
  return parts;
}
