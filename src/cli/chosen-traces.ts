import type { SlowTraces } from '../analysis/slow-traces.ts';
import {
  type ChosenTraces,
  failedTraces,
  slowestTraces,
  tracesFrom,
  tracesWith,
} from '../analysis/trace-selections.ts';
import { UserError } from '../model/user-error.ts';
import { parseDuration } from './parse-duration.ts';

/** The traces that `--separate` sets against the rest; without it the failed ones and, as a question of its own, the slow ones. */
export function chosenTraces(
  text: string | null,
  slow: SlowTraces,
  inferErrors: boolean,
): readonly ChosenTraces[] {
  const failed = failedTraces(inferErrors);
  const slowest = slowestTraces(slow);
  if (text === null) return [failed, slowest];
  if (text === 'failed') return [failed];
  if (text === 'slow') return [slowest];
  if (text.startsWith('>')) {
    const duration = text.replace(/^>=?/, '');
    return [tracesFrom(parseDuration(duration, '--separate'), text)];
  }
  const [key = '', ...value] = text.split('=');
  if (key !== '' && value.length > 0) return [tracesWith(key, value.join('='))];
  throw new UserError('usage', `--separate does not know "${text}"`, {
    fix: 'write failed, slow, >300ms or attribute=value',
  });
}
