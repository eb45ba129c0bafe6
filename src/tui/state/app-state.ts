import type { SpanId, TraceId } from '../../model/ids.ts';
import type { TraceFilter, TraceSort } from '../../model/trace-summary.ts';
import type { TimeZone } from '../../report/format-time.ts';
import type { AppData } from '../app-data.ts';
import type { KeyScreen } from '../key-table.ts';
import type { CellRange, TimeWindow } from '../layout/bars.ts';
import type { TraceColumnId } from '../layout/trace-rows.ts';
import type { LinkTemplate } from '../link-template.ts';
import type { Theme } from '../theme.ts';
import type { Effect } from './effect.ts';
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
  /** The query whose traces are in `scope.found`; '' for none. */
  readonly query: string;
  /** Only traces of this service; null: all. */
  readonly service: string | null;
  /** What else keeps traces out: durations and times marked in a chart, the operation of a group. */
  readonly scope: TraceFilter;
  readonly chart: ChartKind;
  /** Columns of the chart that are marked; null: none. */
  readonly mark: CellRange | null;
}

/** What is drawn above the list: how many traces took how long, or when the traces were and how long they took. */
export const CHARTS = ['none', 'histogram', 'scatter'] as const;
export type ChartKind = (typeof CHARTS)[number];

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
  /** The span to be selected when the trace is there; null: none in particular. */
  readonly soughtSpan: SpanId | null;
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
  readonly showsStacks: boolean;
  /** Only lines in which this occurs. */
  readonly words: string;
  /** First line on the screen. */
  readonly top: number;
}

/** Who calls whom. */
export interface DependenciesScreen extends ListCursor {
  readonly kind: 'dependencies';
  readonly filter: TraceFilter;
  /** Paths of folded rows: names from the root, joined by line breaks. */
  readonly folded: ReadonlySet<string>;
  /** As a graph in layers instead of a tree. */
  readonly isGraph: boolean;
}

/** Lists of lines that lead somewhere. */
export const ITEM_KINDS = [
  'overview',
  'services',
  'service',
  'findings',
  'finding',
  'operations',
  'bookmarks',
] as const;
export type ItemsKind = (typeof ITEM_KINDS)[number];

/** A list of lines, each of which leads to its evidence. */
export interface ItemsScreen extends ListCursor {
  readonly kind: ItemsKind;
  /** Of which traces it is. */
  readonly filter: TraceFilter;
  /** A service's name or a finding's fingerprint, for the screens that are about one; else ''. */
  readonly subject: string;
  /** Only lines in which this occurs. */
  readonly words: string;
}

/** Call paths of one trace, or of many merged. */
export interface FlameScreen {
  readonly kind: 'flame';
  readonly of: Selection;
  /** Position in `FlameTree.nodes` of the selected path, and of the one that fills the width. */
  readonly selected: number;
  readonly root: number;
  /** First level on the screen. */
  readonly top: number;
}

/** One trace, or all that a filter lets through. */
export type Selection =
  | { readonly kind: 'trace'; readonly traceId: TraceId }
  | { readonly kind: 'traces'; readonly filter: TraceFilter; readonly label: string };

/** Two traces, or two selections of traces, aligned. */
export interface CompareScreen extends ListCursor {
  readonly kind: 'compare';
  readonly a: Selection;
  readonly b: Selection;
  /** Only paths that differ. */
  readonly isChangedOnly: boolean;
}

export type Screen =
  | TracesScreen
  | WaterfallScreen
  | SpanScreen
  | DependenciesScreen
  | ItemsScreen
  | FlameScreen
  | CompareScreen;

/** Whether the screen is a list of lines. */
export function isItems(screen: Screen): screen is ItemsScreen {
  return ITEM_KINDS.some((kind) => kind === screen.kind);
}

/** The screens that lie side by side, in their order. */
export const MAIN_KINDS = [
  'overview',
  'traces',
  'services',
  'dependencies',
  'findings',
  'operations',
  'flame',
  'bookmarks',
] as const;
export type MainKind = (typeof MAIN_KINDS)[number];

/** What a typed line is for: narrowing what is shown, or finding something in it. */
export const PROMPT_PURPOSES = [
  'filter',
  'search',
  'command',
  'copy',
  'act',
  'open-url',
  'write',
  'note',
] as const;
export type PromptPurpose = (typeof PROMPT_PURPOSES)[number];

/** A line of text being typed at the bottom. */
export interface Prompt {
  readonly purpose: PromptPurpose;
  readonly text: string;
  /** Which of the choices that go with the text is marked. */
  readonly chosen: number;
  /** The screen as it was before, for cancelling and for searching from where the user was. */
  readonly before: Screen;
}

/** A remark on the line above the keys; goes with the next key. */
export interface Message {
  readonly text: string;
  /** An aside leaves what is said about the selection in its place. */
  readonly tone: 'plain' | 'warning' | 'aside';
}

/** All that the screen depends on, apart from the data: small, plain, and the same keys always give the same state. */
export interface AppState {
  readonly columns: number;
  readonly rows: number;
  /** The screens that Esc goes back through; the last one is shown. Never empty. */
  readonly stack: readonly Screen[];
  /** The main screens that are not at the bottom of the stack, as they were left. */
  readonly mains: Readonly<Partial<Record<MainKind, Screen>>>;
  readonly prompt: Prompt | null;
  /** First line of the help while it is open. */
  readonly helpTop: number | null;
  readonly message: Message | null;
  /** What the next `d` compares with; null: nothing yet. */
  readonly marked: Selection | null;
}

/** What stays the same while the explorer runs. */
export interface Surroundings {
  readonly data: AppData;
  readonly theme: Theme;
  readonly zone: TimeZone;
  /** Where else a trace can be looked at. */
  readonly links: readonly LinkTemplate[];
  /** Which columns the list of traces has. */
  readonly traceColumns: readonly TraceColumnId[];
}

/** What commands may look at besides their own screen. */
export interface Context extends Surroundings {
  readonly columns: number;
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
  readonly marked?: Selection | null;
}

export const FIRST_TRACES: TracesScreen = {
  kind: 'traces',
  sort: 'start',
  descending: true,
  errorsOnly: false,
  words: '',
  query: '',
  service: null,
  scope: {},
  chart: 'none',
  mark: null,
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
