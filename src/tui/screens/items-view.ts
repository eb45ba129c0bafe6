import { itemsOf } from '../items/items-of.ts';
import type { ListItem } from '../items/list-item.ts';
import { joinParts, type Part, spreadParts } from '../layout/styled-parts.ts';
import type { Context, ItemsScreen } from '../state/app-state.ts';
import { absentView, emptyView, type ScreenView } from './screen-view.ts';

export function itemsView(screen: ItemsScreen, context: Context): ScreenView {
  const loaded = itemsOf(screen, context);
  if (loaded.status !== 'ready') return absentView(loaded, 'all traces', context);
  const { theme, columns, bodyRows } = context;
  const { facts, head, rightHead = [], items, empty } = loaded.value;
  const { ellipsis } = theme.glyphs;
  const words: Part[] = screen.words === '' ? [] : [[`  only “${screen.words}”`, theme.accent]];
  const top = {
    facts: joinParts([...facts, ...words], columns, ellipsis),
    head: [spreadParts([['  '], ...head], rightHead, columns, '')],
  };
  if (items.length === 0) return { ...emptyView([empty], context, theme.muted), ...top };
  const body = items
    .slice(screen.top, screen.top + bodyRows)
    .map((item, i) => itemRow(item, screen.top + i === screen.selected, context));
  const lines = items.filter(({ target }) => target !== null);
  const selected = items[screen.selected];
  const place = selected ? lines.indexOf(selected) + 1 : 0;
  return {
    ...top,
    body,
    about: [[' '], ...(selected?.about ?? [])],
    place: [[`${place.toLocaleString('en')}/${lines.length.toLocaleString('en')} `, theme.muted]],
  };
}

function itemRow(item: ListItem, isSelected: boolean, { theme, columns }: Context): string {
  const { glyphs, accent, error, selected } = theme;
  const isCursor = isSelected && item.target !== null;
  const gutter =
    (isCursor ? accent(glyphs.cursor) : ' ') + (item.isBad ? error(glyphs.error) : ' ');
  const text = spreadParts([[' '], ...item.parts], item.right ?? [], columns - 2, glyphs.ellipsis);
  return isCursor ? selected(gutter + text, '') : gutter + text;
}
