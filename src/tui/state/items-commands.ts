import { itemsOf } from '../items/items-of.ts';
import type { ListItem } from '../items/list-item.ts';
import type { CommandId } from '../keymap.ts';
import type { Context, ItemsScreen, Step } from './app-state.ts';
import { rowsOf, topShowing } from './list-cursor.ts';
import { stepTo } from './navigation.ts';

export function itemsCommand(screen: ItemsScreen, command: CommandId, context: Context): Step {
  const items = shownItems(screen, context);
  const by = rowsOf(command, context.bodyRows);
  if (by !== null) {
    const wanted = screen.selected + by;
    return { screen: { ...screen, selected: selectable(items, wanted, by > 0 ? 1 : -1) } };
  }
  if (command === 'drop') return dropped(screen, context);
  const target = items[screen.selected]?.target;
  if (command !== 'open' || !target) return { screen };
  return stepTo(screen, target, screen.filter);
}

/** The lines of the screen; none while they are not there. */
export function shownItems(screen: ItemsScreen, context: Context): readonly ListItem[] {
  const list = itemsOf(screen, context);
  return list.status === 'ready' ? list.value.items : [];
}

/** The screen with a line selected that leads somewhere, if there is one. */
export function settleItems(screen: ItemsScreen, context: Context): ItemsScreen {
  const items = shownItems(screen, context);
  // Not there yet: what was selected before stays so.
  if (items.length === 0) return screen;
  const selected = selectable(items, screen.selected, 1);
  // The headings above the first line come into sight with it.
  const first = items.findIndex(({ target }) => target !== null);
  const seen = selected === first ? 0 : selected;
  const top = topShowing(screen.top, seen, items.length, context.bodyRows);
  return { ...screen, selected, top: topShowing(top, selected, items.length, context.bodyRows) };
}

/** The line nearest to `wanted` that can be selected: from there on in the direction of `by`, else backwards. */
function selectable(items: readonly ListItem[], wanted: number, by: 1 | -1): number {
  const from = Math.max(0, Math.min(items.length - 1, wanted));
  for (const direction of [by, -by]) {
    for (let at = from; at >= 0 && at < items.length; at += direction) {
      if (items[at]?.target) return at;
    }
  }
  return 0;
}

/** Removes the bookmark of the selected line. */
function dropped(screen: ItemsScreen, context: Context): Step {
  const target = shownItems(screen, context)[screen.selected]?.target;
  if (target?.to !== 'trace' || target.spanId === null) return { screen };
  const { traceId, spanId } = target;
  return { screen, effect: { kind: 'drop-bookmark', bookmark: { traceId, spanId, note: '' } } };
}
