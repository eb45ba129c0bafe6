import type { TimeZone } from '../report/format-time.ts';
import type { ColorChoice } from './io.ts';

/** The options that every command takes. */
export interface GlobalOptions {
  readonly store?: string;
  readonly color?: ColorChoice;
  readonly utc?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** The zone in which times are printed, and typed where they name none. */
export function zoneOf({ utc }: Pick<GlobalOptions, 'utc'>): TimeZone {
  return utc ? 'utc' : 'local';
}
