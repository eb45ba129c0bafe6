import type { Loaded } from '../app-data.ts';
import type { Context, ItemsScreen } from '../state/app-state.ts';
import type { StoreAnalysis } from '../store-analysis.ts';
import { withoutStyles } from '../theme.ts';
import { bookmarkItems } from './bookmark-items.ts';
import { findingDetails, findingsItems } from './finding-items.ts';
import type { ItemList, ItemLook, ListItem } from './list-item.ts';
import { overviewItems } from './overview-items.ts';
import { operationsItems, serviceDetails, servicesItems } from './service-items.ts';

type Make = (analysis: StoreAnalysis, screen: ItemsScreen, look: ItemLook) => ItemList;

const LISTS: Readonly<Record<Exclude<ItemsScreen['kind'], 'bookmarks'>, Make>> = {
  overview: (analysis, _, look) => overviewItems(analysis, look),
  services: (analysis, _, look) => servicesItems(analysis, look),
  service: (analysis, { subject }, look) => serviceDetails(analysis, subject, look),
  findings: (analysis, _, look) => findingsItems(analysis, look),
  finding: (analysis, { subject }, look) => findingDetails(analysis, subject, look),
  operations: (analysis, _, look) => operationsItems(analysis, look),
};

/** The last list of each analysis: every key asks for it. */
const made = new WeakMap<
  StoreAnalysis,
  { readonly key: string; readonly look: ItemLook; readonly list: ItemList }
>();

/** The lines of a screen, as far as its words let them through. */
export function itemsOf(screen: ItemsScreen, context: Context): Loaded<ItemList> {
  const { kind } = screen;
  if (kind === 'bookmarks') {
    const list = bookmarkItems(context.data.bookmarks(), context);
    return { status: 'ready', value: withWords(list, screen.words) };
  }
  const loaded = context.data.analysis(screen.filter);
  if (loaded.status !== 'ready') return loaded;
  const { columns, theme, zone } = context;
  const key = [screen.kind, screen.subject, screen.words, columns, zone].join('\n');
  const known = made.get(loaded.value);
  if (known?.key === key && known.look.theme === theme)
    return { status: 'ready', value: known.list };
  const look = { columns, theme, zone };
  const list = withWords(LISTS[kind](loaded.value, screen, look), screen.words);
  made.set(loaded.value, { key, look, list });
  return { status: 'ready', value: list };
}

/** Headings stay: they say where the lines belong. */
function withWords(list: ItemList, words: string): ItemList {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (wanted.length === 0) return list;
  const items = list.items.filter((item) => {
    if (item.target === null) return true;
    const text = textOf(item);
    return wanted.every((word) => text.includes(word));
  });
  return { ...list, items, empty: 'no line has these words' };
}

function textOf({ parts, about = [] }: ListItem): string {
  return withoutStyles([...parts, ...about].map(([text]) => text).join('')).toLowerCase();
}
