import type { Evidence, EvidenceValue, Finding } from './finding.ts';
import { withoutSecrets } from './secret-patterns.ts';

/**
 * A finding without the secrets that names of spans, statements and hosts may hold: whatever rule shows them, they do not leave
 * the analysis. Ids and the fingerprint stay.
 */
export function redactedFinding(finding: Finding): Finding {
  return {
    ...finding,
    title: withoutSecrets(finding.title),
    service: withoutSecrets(finding.service),
    operation: withoutSecrets(finding.operation),
    evidence: redactedEvidence(finding.evidence),
  };
}

function redactedEvidence(evidence: Evidence): Evidence {
  return Object.fromEntries(
    Object.entries(evidence).map(([name, value]) => [withoutSecrets(name), redacted(value)]),
  );
}

/** Evidence is written by rules and a few levels deep. */
function redacted(value: EvidenceValue): EvidenceValue {
  if (typeof value === 'string') return withoutSecrets(value);
  if (value === null || typeof value !== 'object') return value;
  return isList(value) ? value.map(redacted) : redactedEvidence(value);
}

function isList(value: EvidenceValue): value is readonly EvidenceValue[] {
  return Array.isArray(value);
}
