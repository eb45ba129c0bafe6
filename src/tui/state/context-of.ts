import {
  type AppState,
  type Context,
  type Screen,
  type Surroundings,
  type TracesScreen,
  topScreen,
} from './app-state.ts';

/** Title and facts; status and keys. */
const TOP_ROWS = 2;
const FOOT_ROWS = 2;
/** Lower terminals spend no row on the minimap. */
const MINIMAP_ROWS = 20;

/** Rows that a screen has between the facts and its body: column heads, or minimap, time axis and ancestors. */
function ownHeadRows(screen: Screen, rows: number): number {
  if (screen.kind === 'traces') return 1 + chartRowsOf(screen, rows);
  if (screen.kind !== 'waterfall') return 1;
  return rows < MINIMAP_ROWS ? 2 : 3;
}

/** Rows of the chart above the list of traces, with its axis. */
function chartRowsOf({ chart }: TracesScreen, rows: number): number {
  return chart === 'none' ? 0 : Math.max(4, Math.min(10, Math.floor(rows / 4)));
}

/** What goes with a state of this size. */
export function contextOf(state: AppState, surroundings: Surroundings, key = ''): Context {
  const { columns, rows } = state;
  const headRows = TOP_ROWS + ownHeadRows(topScreen(state), rows);
  const bodyRows = Math.max(1, rows - headRows - FOOT_ROWS);
  return { ...surroundings, columns, headRows, bodyRows, key };
}
