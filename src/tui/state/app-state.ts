import type { TraceId } from '../../model/ids.ts';
import type { TraceSort } from '../../model/trace-summary.ts';
import type { TimeZone } from '../../report/format-time.ts';
import type { AppData } from '../app-data.ts';
import type { KeyScreen } from '../keymap.ts';
import type { TimeWindow } from '../layout/bars.ts';
import type { DetailLook } from '../layout/detail-rows.ts';
import type { Theme } from '../theme.ts';
import type { ListCursor } from './list-cursor.ts';
import type { Outline } from './outline.ts';

/** The list of traces. */
export interface TracesScreen extends ListCursor {
  readonly kind: 'traces';
  readonly sort: TraceSort;
  readonly descending: boolean;
  readonly errorsOnly: boolean;
  /** What the user typed as a filter: words that must all occur. */
  readonly words: string;
  /** Only traces of this service; null: all. */
  readonly service: string | null;
}

/** A mark from one column of the drawing to another; on the minimap these mean the whole trace, on the axis the shown time. */
export interface Brush {
  readonly on: 'minimap' | 'axis';
  readonly fromCell: number;
  readonly toCell: number;
}

/** One trace over time. */
export interface WaterfallScreen {
  readonly kind: 'waterfall';
  readonly traceId: TraceId;
  /** Position of the selected span in `Trace.nodes`; never one that is folded away. */
  readonly selected: number;
  /** First row on the screen. */
  readonly top: number;
  readonly outline: Outline;
  /** The time that the bars show; null: the whole trace. */
  readonly window: TimeWindow | null;
  /** The windows before this one, the last one last. */
  readonly windowsBefore: readonly (TimeWindow | null)[];
  /** A stretch that is being marked with the mouse; null: none. */
  readonly brush: Brush | null;
  readonly showsCriticalPath: boolean;
  readonly showsSelfTime: boolean;
  /** The time axis tells the time of day instead of the time since the trace's start. */
  readonly showsClockTime: boolean;
  /** What was searched for last; '' for nothing. */
  readonly search: string;
}

/** Everything about one span. Lies on top of its trace's waterfall. */
export interface SpanScreen {
  readonly kind: 'span';
  readonly traceId: TraceId;
  /** Position in `Trace.nodes`. */
  readonly node: number;
  /** First line on the screen. */
  readonly top: number;
}

/** Who calls whom, as a tree. */
export interface DependenciesScreen extends ListCursor {
  readonly kind: 'dependencies';
  /** Paths of folded rows: names from the root, joined by line breaks. */
  readonly folded: ReadonlySet<string>;
}

export type Screen = TracesScreen | WaterfallScreen | SpanScreen | DependenciesScreen;

/** What a typed line is for: narrowing what is shown, or finding something in it. */
export type PromptPurpose = 'filter' | 'search';

/** A line of text being typed at the bottom. */
export interface Prompt {
  readonly purpose: PromptPurpose;
  readonly text: string;
  /** The screen as it was before, for cancelling and for searching from where the user was. */
  readonly before: Screen;
}

/** A remark on the line above the keys; goes with the next key. */
export interface Message {
  readonly text: string;
  readonly tone: 'plain' | 'warning';
}

/** All that the screen depends on, apart from the data: small, plain, and the same keys always give the same state. */
export interface AppState {
  readonly columns: number;
  readonly rows: number;
  /** The screens that Esc goes back through; the last one is shown. Never empty. */
  readonly stack: readonly Screen[];
  readonly prompt: Prompt | null;
  /** First line of the help while it is open. */
  readonly helpTop: number | null;
  readonly message: Message | null;
}

/** Something to do outside of the state. */
export type Effect =
  | { readonly kind: 'quit' }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'redraw' }
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'load-trace'; readonly traceId: TraceId }
  | { readonly kind: 'load-dependencies' }
  /** Apply the typed filter when no key has come for a moment. */
  | { readonly kind: 'filter-soon' };

/** What stays the same while the explorer runs. */
export interface Surroundings {
  readonly data: AppData;
  readonly theme: Theme;
  readonly zone: TimeZone;
}

/** What commands may look at besides their own screen. */
export interface Context extends Surroundings, DetailLook {
  /** Rows above the body: title, facts, and what the screen has there of its own. */
  readonly headRows: number;
  /** Rows between the head and the foot of the screen. */
  readonly bodyRows: number;
  /** The key that was pressed; '' when it was none. */
  readonly key: string;
}

/** What a command makes of a screen. */
export interface Step {
  readonly screen: Screen;
  /** A screen to put on top. */
  readonly push?: Screen;
  readonly message?: Message;
  readonly effect?: Effect;
}

export const MIN_COLUMNS = 60;
export const MIN_ROWS = 15;
/** Title and facts; status and keys. */
const TOP_ROWS = 2;
const FOOT_ROWS = 2;
/** Lower terminals spend no row on the minimap. */
const MINIMAP_ROWS = 20;

/** Rows that a screen has between the facts and its body: column heads, or minimap, time axis and ancestors. */
function ownHeadRows(screen: Screen, rows: number): number {
  if (screen.kind !== 'waterfall') return 1;
  return rows < MINIMAP_ROWS ? 2 : 3;
}

/** What goes with a state of this size. */
export function contextOf(state: AppState, surroundings: Surroundings, key = ''): Context {
  const { columns, rows } = state;
  const headRows = TOP_ROWS + ownHeadRows(topScreen(state), rows);
  const bodyRows = Math.max(1, rows - headRows - FOOT_ROWS);
  return { ...surroundings, columns, headRows, bodyRows, key };
}

export function isTooSmall({ columns, rows }: Pick<AppState, 'columns' | 'rows'>): boolean {
  return columns < MIN_COLUMNS || rows < MIN_ROWS;
}

export const FIRST_TRACES: TracesScreen = {
  kind: 'traces',
  sort: 'start',
  descending: true,
  errorsOnly: false,
  words: '',
  service: null,
  selected: 0,
  top: 0,
};

export function topScreen(state: AppState): Screen {
  return state.stack.at(-1) ?? FIRST_TRACES;
}

/** Which keys mean something now. */
export function keyScreen(state: AppState): KeyScreen {
  if (state.prompt) return 'prompt';
  return state.helpTop === null ? topScreen(state).kind : 'help';
}
