import type { PotentialSaving } from '../analysis/critical-path-saving.ts';
import { formatDuration } from './format-duration.ts';
import { type Cell, cell } from './report.ts';

/** What would be saved, at least and at most: `178ms–197ms`; nothing where it was not worked out. */
export function savingCell(saving: PotentialSaving | null): Cell {
  if (saving === null) return cell('');
  const most = formatDuration(saving.exclusiveNs);
  const least = formatDuration(saving.replayNs);
  return cell(least === most ? most : `${least}–${most}`);
}
