import { nanos } from '../../model/time.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { formatTime } from '../../report/format-time.ts';
import { fitRight } from '../layout/fit-text.ts';
import type { Part } from '../layout/styled-parts.ts';
import type { StoreAnalysis } from '../store-analysis.ts';
import type { Theme } from '../theme.ts';
import { findingItem } from './finding-items.ts';
import { heading, type ItemList, type ItemLook, type ListItem } from './list-item.ts';
import { trendLine } from './trend-line.ts';

/** Lines per part: the first screen says what matters most. */
const MOST = 5;

/** What is slow, what is broken, and what looks wrong; each line leads to its evidence. */
export function overviewItems(analysis: StoreAnalysis, look: ItemLook): ItemList {
  const { theme } = look;
  const items = [
    ...trafficItems(analysis, look),
    ...brokenItems(analysis, theme),
    ...slowItems(analysis, theme),
    ...findingsItems(analysis, look),
  ];
  return { facts: factsOf(analysis, look), head: [], items, empty: 'the store holds no traces' };
}

function factsOf({ dataset, errors }: StoreAnalysis, { theme, zone }: ItemLook): Part[] {
  const { strong, muted, error, glyphs } = theme;
  const { traces, spans, services, start } = dataset;
  const parts: Part[] = [
    [` ${traces.toLocaleString('en')}`, strong],
    [
      ` trace${traces === 1 ? '' : 's'}  ${spans.toLocaleString('en')} spans  ${services.length} services`,
    ],
  ];
  const { failedTraces } = errors.totals;
  if (failedTraces > 0) {
    const share = percent(failedTraces / Math.max(1, traces));
    parts.push([`  ${glyphs.alert}${failedTraces.toLocaleString('en')} failed (${share})`, error]);
  }
  if (start !== null) parts.push([`  since ${formatTime(start, zone).slice(0, 19)}`, muted]);
  return parts;
}

/** How many requests there were over time, how many failed, how long they took. */
function trafficItems({ red }: StoreAnalysis, { columns, theme }: ItemLook): ListItem[] {
  const { intervals } = red.traces;
  if (intervals.length < 2) return [];
  const width = Math.min(intervals.length, columns - 24);
  const step = formatDuration(red.stepNs);
  const line = (title: string, text: string, note: string): ListItem => ({
    parts: [[`  ${title.padEnd(9)}`, theme.muted], [text], [`  ${note}`, theme.muted]],
    target: null,
  });
  const most = Math.max(...intervals.map(({ count }) => count));
  const slowest = Math.max(...intervals.map(({ p95Ns }) => p95Ns ?? 0));
  const failed = intervals.reduce((sum, { errors }) => sum + errors, 0);
  const counts = trendLine(
    intervals.map(({ count }) => count),
    width,
    theme,
    theme.accent,
  );
  const failures = trendLine(
    intervals.map(({ errors }) => errors),
    width,
    theme,
    theme.error,
  );
  const times = trendLine(
    intervals.map(({ p95Ns }) => p95Ns),
    width,
    theme,
    theme.warning,
  );
  return [
    ...heading('Traffic', `${intervals.length} intervals of ${step}`, true, theme),
    line('requests', counts, `at most ${most.toLocaleString('en')}`),
    line('failed', failures, `${failed.toLocaleString('en')} in all`),
    line('p95', times, `at most ${formatDuration(nanos(slowest))}`),
  ];
}

function brokenItems({ errors }: StoreAnalysis, theme: Theme): ListItem[] {
  const { groups, totals } = errors;
  const shown = groups.filter(({ origins }) => origins > 0).slice(0, MOST);
  if (shown.length === 0) return heading('Broken', 'no span failed', false, theme);
  const note = `${totals.origins.toLocaleString('en')} errors began somewhere; the causes of most failed traces first`;
  const items = shown.map((group): ListItem => {
    const { service, operation, signature, primaryTraces, originTraces, origins } = group;
    const [example] = group.exemplars;
    const failed = primaryTraces > 0 ? primaryTraces : originTraces;
    return {
      isBad: true,
      parts: [
        [fitRight(failed.toLocaleString('en'), 6), theme.strong],
        [primaryTraces > 0 ? ' failed  ' : ' traces  ', theme.muted],
        [`${narrowText(service)} `, theme.strong],
        [narrowText(operation) || '(unnamed)'],
        [`  ${narrowText(signature)}`, theme.error],
      ],
      target: example ? { to: 'trace', ...example } : null,
      about: [
        [`${origins.toLocaleString('en')} such errors, seen by `, theme.muted],
        [group.services.map(narrowText).join(', ') || 'nobody'],
      ],
    };
  });
  return [...heading('Broken', note, false, theme), ...items];
}

function slowItems({ path }: StoreAnalysis, theme: Theme): ListItem[] {
  const shown = path.groups.slice(0, MOST);
  if (shown.length === 0) return [];
  const items = shown.map((group): ListItem => {
    const { key, shareOfTotal, p50Ns, p95Ns, maxNs, exemplars } = group;
    const example = exemplars.max ?? exemplars.p95;
    return {
      parts: [
        [fitRight(percent(shareOfTotal), 6), theme.strong],
        [` ${shareBar(shareOfTotal, theme)}  `, theme.bar],
        [`${narrowText(key.service)} `, theme.strong],
        [narrowText(key.operation) || '(unnamed)'],
        [
          `  p50 ${formatDuration(p50Ns)}  p95 ${formatDuration(p95Ns)}  max ${formatDuration(maxNs)}`,
          theme.muted,
        ],
      ],
      target: example ? { to: 'trace', ...example } : null,
      about: [
        [
          `on the critical path of ${group.traces.toLocaleString('en')} traces; Enter opens the slowest`,
          theme.muted,
        ],
      ],
    };
  });
  const note = 'who owns the time of the critical paths';
  return [...heading('Slow', note, false, theme), ...items];
}

const SHARE_CELLS = 10;

function shareBar(share: number, { glyphs }: Theme): string {
  const cells = Math.round(share * SHARE_CELLS);
  return glyphs.line.full.repeat(cells) + ' '.repeat(SHARE_CELLS - cells);
}

function findingsItems({ findings }: StoreAnalysis, look: ItemLook): ListItem[] {
  const all = findings.findings;
  if (all.length === 0) return heading('Findings', 'no rule found anything', false, look.theme);
  const shown = all.slice(0, MOST).map((finding) => findingItem(finding, look));
  const note = all.length > MOST ? `the first ${MOST} of ${all.length}` : '';
  const rest: ListItem[] =
    all.length > MOST
      ? [
          {
            parts: [[`       all ${all.length} findings`, look.theme.accent]],
            target: { to: 'items', kind: 'findings', subject: '' },
          },
        ]
      : [];
  const [blank, title] = heading('Findings', note, false, look.theme);
  const columns: Part[] = [['traces     time ', look.theme.muted]];
  return [
    ...(blank ? [blank] : []),
    ...(title ? [{ ...title, right: columns }] : []),
    ...shown,
    ...rest,
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)}%`;
}
