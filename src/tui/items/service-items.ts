import type { DurationStatistics } from '../../analysis/duration-statistics.ts';
import type { ServiceRed } from '../../analysis/red-over-time.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { fitRight } from '../layout/fit-text.ts';
import type { Part } from '../layout/styled-parts.ts';
import type { StoreAnalysis } from '../store-analysis.ts';
import type { Theme } from '../theme.ts';
import type { ItemList, ItemLook, ListItem } from './list-item.ts';
import { trendLine } from './trend-line.ts';

/** Narrower terminals have no room for trends. */
const WITH_TRENDS = 100;
const TREND_CELLS = 24;

/** Rate, errors and durations of every service, with their course over time. */
export function servicesItems(analysis: StoreAnalysis, look: ItemLook): ItemList {
  const { theme, columns } = look;
  const { red, dependencies } = analysis;
  const hasTrends = columns >= WITH_TRENDS;
  const durations = new Map(
    dependencies.nodes.flatMap(({ type, name, durations: known }) =>
      type === 'service' ? [[name, known] as const] : [],
    ),
  );
  const step = red.start === null ? '' : `  trends in steps of ${formatDuration(red.stepNs)}`;
  const items = red.services.map((service): ListItem => {
    const { p50Ns = null, p95Ns = null, p99Ns = null } = durations.get(service.service) ?? {};
    const trends: Part[] = hasTrends ? trendParts(service, theme) : [];
    return {
      isBad: service.errors > 0,
      parts: [[narrowText(service.service), theme.strong]],
      right: [
        ...trends,
        ...numbers(service.count, service.errors, theme),
        [fitRight(durationText(p50Ns, theme), 9)],
        [fitRight(durationText(p95Ns, theme), 9)],
        [`${fitRight(durationText(p99Ns, theme), 9)} `, theme.muted],
      ],
      target: { to: 'items', kind: 'service', subject: service.service },
      about: [['Enter shows its operations', theme.muted]],
    };
  });
  return {
    facts: [
      [` ${items.length} services`, theme.strong],
      [step, theme.muted],
    ],
    head: [['service', theme.muted]],
    rightHead: [
      [
        hasTrends ? `${'requests'.padEnd(TREND_CELLS + 2)}${'p95'.padEnd(TREND_CELLS + 2)}` : '',
        theme.muted,
      ],
      [NUMBER_HEADS, theme.muted],
    ],
    items,
    empty: 'the store holds no traces',
  };
}

const NUMBER_HEADS = `${fitRight('count', 9)}${fitRight('errors', 8)}${fitRight('failed', 8)}${fitRight('p50', 9)}${fitRight('p95', 9)}${fitRight('p99', 9)} `;

function trendParts({ intervals }: ServiceRed, theme: Theme): Part[] {
  const counts = trendLine(
    intervals.map(({ count }) => count),
    TREND_CELLS,
    theme,
    PLAIN,
  );
  const times = trendLine(
    intervals.map(({ p95Ns }) => p95Ns),
    TREND_CELLS,
    theme,
    PLAIN,
  );
  return [[counts, theme.accent], ['  '], [times, theme.warning], ['  ']];
}

const PLAIN = (text: string) => text;

function numbers(count: number, errors: number, { error, faint, glyphs }: Theme): Part[] {
  const failed =
    errors === 0 ? glyphs.separator : `${((errors / Math.max(1, count)) * 100).toFixed(1)}%`;
  const style = errors > 0 ? error : faint;
  return [
    [fitRight(count.toLocaleString('en'), 9)],
    [fitRight(errors === 0 ? glyphs.separator : errors.toLocaleString('en'), 8), style],
    [fitRight(failed, 8), style],
  ];
}

function durationText(duration: DurationStatistics['p50'] | null, { glyphs }: Theme): string {
  return duration === null ? glyphs.separator : formatDuration(duration);
}

/** The operations of one service, most total time first. */
export function serviceDetails(analysis: StoreAnalysis, service: string, look: ItemLook): ItemList {
  const { theme } = look;
  const groups = analysis.latency.groups.filter(({ key }) => key.service === service);
  const items = groups.map(
    ({ key, count, errors, durationNs, selfNs, exemplars }): ListItem => ({
      isBad: errors > 0,
      parts: [
        [narrowText(key.name) || '(unnamed)', theme.strong],
        [key.kind === 'unspecified' ? '' : `  ${key.kind}`, theme.muted],
      ],
      right: [
        ...numbers(count, errors, theme),
        [fitRight(durationText(durationNs?.p50 ?? null, theme), 9)],
        [fitRight(durationText(durationNs?.p95 ?? null, theme), 9)],
        [`${fitRight(durationText(durationNs?.p99 ?? null, theme), 9)} `, theme.muted],
      ],
      target: exemplars ? { to: 'trace', ...exemplars.max } : null,
      about: [
        [
          `total ${durationText(durationNs?.total ?? null, theme)}  self ${durationText(selfNs?.total ?? null, theme)}  max ${durationText(durationNs?.max ?? null, theme)}`,
        ],
        ['  Enter opens the slowest', theme.muted],
      ],
    }),
  );
  const all: ListItem = {
    parts: [['all traces of the service', theme.accent]],
    target: { to: 'traces', service, scope: {} },
  };
  return {
    facts: [[` ${narrowText(service)}`, theme.strong], [`  ${items.length} operations`]],
    head: [['operation', theme.muted]],
    rightHead: [[NUMBER_HEADS, theme.muted]],
    items: [all, ...items],
    empty: 'no such service',
  };
}

/** Traces by the operation of their root: what a store is asked for. */
export function operationsItems(analysis: StoreAnalysis, look: ItemLook): ItemList {
  const { theme } = look;
  const { latency, path } = analysis;
  const items = path.roots.map(({ service, operation, traces }): ListItem => {
    const spans = latency.groups.filter(
      ({ key }) => key.service === service && key.name === operation,
    );
    const [group] = spans.toSorted((a, b) => b.count - a.count);
    const errors = spans.reduce((sum, each) => sum + each.errors, 0);
    return {
      isBad: errors > 0,
      parts: [[`${narrowText(service)} `, theme.strong], [narrowText(operation) || '(unnamed)']],
      right: [
        ...numbers(traces, errors, theme),
        [fitRight(durationText(group?.durationNs?.p50 ?? null, theme), 9)],
        [fitRight(durationText(group?.durationNs?.p95 ?? null, theme), 9)],
        [`${fitRight(durationText(group?.durationNs?.p99 ?? null, theme), 9)} `, theme.muted],
      ],
      target: { to: 'traces', service, scope: { words: [operation] } },
      about: [['Enter lists its traces', theme.muted]],
    };
  });
  return {
    facts: [[` ${items.length} kinds of requests`, theme.strong]],
    head: [['root operation', theme.muted]],
    rightHead: [[NUMBER_HEADS.replace(' count', 'traces'), theme.muted]],
    items,
    empty: 'the store holds no traces',
  };
}
