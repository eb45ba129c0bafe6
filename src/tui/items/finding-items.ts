import type {
  Evidence,
  EvidenceValue,
  Finding,
  Severity,
} from '../../analysis/findings/finding.ts';
import { nanos } from '../../model/time.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { shortTraceId } from '../../report/trace-id-text.ts';
import { wrapText } from '../layout/fit-text.ts';
import type { Part } from '../layout/styled-parts.ts';
import type { StoreAnalysis } from '../store-analysis.ts';
import type { Style, Theme } from '../theme.ts';
import { heading, type ItemList, type ItemLook, type ListItem } from './list-item.ts';

const SEVERITY_CELLS = 6;

/** All findings, most severe first. */
export function findingsItems({ findings }: StoreAnalysis, look: ItemLook): ItemList {
  const { findings: all, traces, tracesWithFindings } = findings;
  const { strong, muted } = look.theme;
  return {
    facts: [
      [` ${all.length.toLocaleString('en')}`, strong],
      [` finding${all.length === 1 ? '' : 's'}`],
      [
        `  in ${tracesWithFindings.toLocaleString('en')} of ${traces.toLocaleString('en')} traces`,
        muted,
      ],
    ],
    head: [['severity and finding', muted]],
    rightHead: [['traces  time it costs ', muted]],
    items: all.map((finding) => findingItem(finding, look)),
    empty: 'no rule found anything',
  };
}

/** One finding in a line, which opens all about it. */
export function findingItem(finding: Finding, { theme }: ItemLook): ListItem {
  const { severity, rule, title, service, operation, traces, impactNs, advice } = finding;
  const cost = impactNs.total > 0 ? formatDuration(impactNs.total) : '';
  return {
    isBad: severity === 'high',
    parts: [
      [severity.padEnd(SEVERITY_CELLS), severityStyle(severity, theme)],
      [` ${rule}  `, theme.strong],
      [narrowText(title)],
      [`  ${narrowText(service)}`, theme.muted],
      [operation === '' ? '' : ` ${narrowText(operation)}`, theme.muted],
    ],
    right: [
      [` ${traces.toLocaleString('en').padStart(6)}`],
      [` ${cost.padStart(8)} `, cost === '' ? theme.faint : theme.muted],
    ],
    target: { to: 'items', kind: 'finding', subject: finding.fingerprint },
    about: [[narrowText(advice), theme.muted]],
  };
}

function severityStyle(severity: Severity, theme: Theme): Style {
  const { error, warning, muted } = theme;
  if (severity === 'high') return error;
  if (severity === 'medium') return warning;
  return muted;
}

/** Everything about one finding: what to do, the traces that show it, what supports it. */
export function findingDetails(
  { findings }: StoreAnalysis,
  fingerprint: string,
  look: ItemLook,
): ItemList {
  const { theme, columns } = look;
  const finding = findings.findings.find((each) => each.fingerprint === fingerprint);
  if (!finding) return { facts: [], head: [], items: [], empty: 'this finding is gone' };
  const { severity, rule, title, exemplars, evidence, impactNs } = finding;
  const text = (line: string): ListItem => ({ parts: [[`  ${line}`]], target: null });
  const facts: Part[] = [
    [` ${severity} `, severityStyle(severity, theme)],
    [`${rule} `, theme.strong],
    [`  in ${finding.traces.toLocaleString('en')} traces`, theme.muted],
  ];
  if (impactNs.total > 0)
    facts.push([`  costs up to ${formatDuration(impactNs.total)}`, theme.muted]);
  const examples = exemplars.map(
    ({ traceId, spanIds }, i): ListItem => ({
      parts: [
        [`  ${shortTraceId(traceId)}`, theme.accent],
        [`  ${spanIds.length} span${spanIds.length === 1 ? '' : 's'}`, theme.muted],
        [
          i === 0 && impactNs.max > 0 ? `  costs up to ${formatDuration(impactNs.max)}` : '',
          theme.muted,
        ],
      ],
      target: { to: 'trace', traceId, spanId: spanIds[0] ?? null },
    }),
  );
  const where = [narrowText(finding.service), narrowText(finding.operation)].filter(Boolean);
  return {
    facts,
    head: [],
    items: [
      ...heading(narrowText(title), where.join(' '), true, theme),
      ...wrapText(finding.advice, columns - 6).map(text),
      ...heading('Traces that show it', 'Enter opens one at the span', false, theme),
      ...examples,
      ...heading('Evidence', '', false, theme),
      ...evidenceLines(evidence)
        .flatMap((line) => wrapText(line, columns - 6))
        .map(text),
    ],
    empty: '',
  };
}

function evidenceLines(evidence: Evidence): string[] {
  return Object.entries(evidence)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${evidenceName(name)}: ${evidenceText(name, value)}`);
}

/** `longestGapNs` is "longest gap" to a reader. */
function evidenceName(name: string): string {
  return name
    .replace(/Ns$/, '')
    .replace(/Share$/, ' share')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}

function evidenceText(name: string, value: EvidenceValue): string {
  if (typeof value === 'number') {
    if (name.endsWith('Ns')) return formatDuration(nanos(Math.round(value)));
    return name.endsWith('Share') ? `${Math.round(value * 100)}%` : value.toLocaleString('en');
  }
  return narrowText(typeof value === 'string' ? value : JSON.stringify(value));
}
