import {
  type ChosenTraces,
  failedTraces,
  SLOWEST_TRACES,
  tracesFrom,
  tracesWith,
} from '../analysis/trace-selections.ts';
import { UserError } from '../model/user-error.ts';
import { parseDuration } from './parse-duration.ts';

/** The traces that `--separate` sets against the rest; without it the failed ones and, as a question of its own, the slow ones. */
export function chosenTraces(text: string | null, inferErrors: boolean): readonly ChosenTraces[] {
  const failed = failedTraces(inferErrors);
  if (text === null) return [failed, SLOWEST_TRACES];
  if (text === 'failed') return [failed];
  if (text === 'slow') return [SLOWEST_TRACES];
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
