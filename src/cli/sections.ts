/** The sections that `analyze --only` chooses from. */
export const SECTIONS = [
  'critical-path',
  'errors',
  'findings',
  'separates',
  'latency',
  'red',
  'dependencies',
] as const;
export type Section = (typeof SECTIONS)[number];
