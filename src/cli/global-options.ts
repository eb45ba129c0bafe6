import type { ColorChoice } from './io.ts';

/** The options that every command takes. */
export interface GlobalOptions {
  readonly store?: string;
  readonly color?: ColorChoice;
  readonly utc?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}
