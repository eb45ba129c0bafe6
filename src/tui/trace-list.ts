import type { TraceSummary } from '../model/trace-summary.ts';
import type { TraceQuery, TraceSource } from './trace-source.ts';

/** Rows fetched at once: a few screens, so that paging asks seldom and each question is quick. */
const PAGE_ROWS = 200;
/** Rows kept; what lies far from the screen is fetched again when it is needed. */
const KEPT_ROWS = 4000;

/**
 * The traces of one query by row number, of which only the neighbourhood of the screen is in memory. Grows by key at either end,
 * so that a list of a million rows scrolls as one of a hundred.
 */
export class TraceList {
  readonly count: number;
  readonly #source: TraceSource;
  readonly #query: TraceQuery;
  #rows: TraceSummary[] = [];
  /** Row number of the first one in memory. */
  #start = 0;

  constructor(source: TraceSource, query: TraceQuery) {
    this.#source = source;
    this.#query = query;
    this.count = source.countTraces(query.filter);
  }

  /** The traces of rows `from` to before `from + rows`, as far as there are any. */
  window(from: number, rows: number): readonly TraceSummary[] {
    const to = Math.min(this.count, from + rows);
    if (to <= from) return [];
    this.#jumpTowards(from, to);
    while (this.#start > from && this.#growUp());
    while (this.#start + this.#rows.length < to && this.#growDown());
    return this.#rows.slice(from - this.#start, to - this.#start);
  }

  at(row: number): TraceSummary | null {
    return this.window(row, 1)[0] ?? null;
  }

  /** Starts over at that end of the list which is nearer to the wanted rows than the rows in memory are. */
  #jumpTowards(from: number, to: number): void {
    const end = this.#start + this.#rows.length;
    const distance = Math.max(0, this.#start - from, to - end);
    if (this.#rows.length > 0 && distance <= Math.min(from, this.count - to) + PAGE_ROWS) return;
    const position = from <= this.count - to ? 'first' : 'last';
    this.#rows = [...this.#source.listTraces(this.#query, { at: position }, PAGE_ROWS)];
    this.#start = position === 'first' ? 0 : Math.max(0, this.count - this.#rows.length);
  }

  #growDown(): boolean {
    const trace = this.#rows.at(-1);
    if (!trace) return false;
    const more = this.#source.listTraces(this.#query, { at: 'after', trace }, PAGE_ROWS);
    this.#rows.push(...more);
    const surplus = Math.max(0, this.#rows.length - KEPT_ROWS);
    this.#rows.splice(0, surplus);
    this.#start += surplus;
    return more.length > 0;
  }

  #growUp(): boolean {
    const [trace] = this.#rows;
    if (!trace) return false;
    const more = this.#source.listTraces(this.#query, { at: 'before', trace }, PAGE_ROWS);
    this.#rows.unshift(...more);
    this.#start -= more.length;
    this.#rows.length = Math.min(this.#rows.length, KEPT_ROWS);
    return more.length > 0;
  }
}
