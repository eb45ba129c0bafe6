import { nanos } from '../../model/time.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { type CompareRow, verdictOf } from '../compare-tree.ts';
import { type CompareLook, compareHead, compareRow } from '../layout/compare-rows.ts';
import { joinParts, type Part } from '../layout/styled-parts.ts';
import type { CompareScreen, Context } from '../state/app-state.ts';
import { comparedRows, nameOf } from '../state/compare-commands.ts';
import { absentView, emptyView, type ScreenView } from './screen-view.ts';

export function compareView(screen: CompareScreen, context: Context): ScreenView {
  const loaded = comparedRows(screen, context);
  if (loaded.status !== 'ready') return absentView(loaded, 'both sides', context);
  const rows = loaded.value;
  const { theme, columns, bodyRows } = context;
  const { glyphs, muted } = theme;
  const facts = joinParts(factsOf(screen, rows, context), columns, glyphs.ellipsis);
  if (rows.length === 0) return { ...emptyView(['nothing differs'], context, muted), facts };
  const look: CompareLook = {
    columns,
    deepest: rows.reduce((deepest, { depth }) => Math.max(deepest, depth), 0),
    mostNs: rows.reduce((most, { aNs, bNs }) => Math.max(most, Math.abs(bNs - aNs)), 0),
  };
  const body = rows
    .slice(screen.top, screen.top + bodyRows)
    .map((row, i) => compareRow(row, screen.top + i === screen.selected, look, theme));
  return {
    facts,
    head: [compareHead(columns, theme)],
    body,
    about: aboutRow(rows[screen.selected], context),
    place: [[`${screen.selected + 1}/${rows.length} `, muted]],
  };
}

function factsOf({ a, b }: CompareScreen, rows: readonly CompareRow[], { theme }: Context): Part[] {
  const { strong, muted, error, success, warning, accent } = theme;
  const count = (wanted: string) => rows.filter((row) => verdictOf(row) === wanted).length;
  return [
    [' A ', strong],
    [nameOf(a), muted],
    ['   B ', strong],
    [nameOf(b), muted],
    [`   ${count('slower')} slower`, error],
    [`  ${count('faster')} faster`, success],
    [`  ${count('only-a')} gone`, warning],
    [`  ${count('only-b')} new`, accent],
  ];
}

function aboutRow(row: CompareRow | undefined, { theme }: Context): Part[] {
  if (!row) return [];
  const { strong, muted, error, glyphs } = theme;
  const parts: Part[] = [
    [` ${narrowText(row.service)} `, strong],
    [narrowText(row.name) || '(unnamed)'],
    [
      `  ${formatDuration(nanos(Math.round(row.aNs)))} ${glyphs.arrow} ${formatDuration(nanos(Math.round(row.bNs)))}`,
    ],
    [`  ${row.a?.spans ?? 0} ${glyphs.arrow} ${row.b?.spans ?? 0} spans`, muted],
  ];
  const [errorsA, errorsB] = [row.a?.errors ?? 0, row.b?.errors ?? 0];
  if (errorsA + errorsB > 0)
    parts.push([`  ${glyphs.error} ${errorsA} ${glyphs.arrow} ${errorsB}`, error]);
  return parts;
}
