import type { Findings } from './detect.ts';

/** Findings without those that somebody knows of. */
export interface UnsuppressedFindings extends Findings {
  /** How many were left out. */
  readonly suppressed: number;
}

/** `found` without the findings whose fingerprints begin with one of `fingerprints`. */
export function withoutSuppressed(
  found: Findings,
  fingerprints: readonly string[],
): UnsuppressedFindings {
  const findings = found.findings.filter(
    ({ fingerprint }) => !fingerprints.some((known) => fingerprint.startsWith(known)),
  );
  return { ...found, findings, suppressed: found.findings.length - findings.length };
}
