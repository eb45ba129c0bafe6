/** The sections that `analyze --only` chooses from. */
export const SECTIONS = ['critical-path', 'errors', 'latency', 'dependencies'] as const;
export type Section = (typeof SECTIONS)[number];
