/** What a piece of text means; the renderer gives it a colour, and never only a colour. */
export type Tone = 'plain' | 'strong' | 'dim' | 'error' | 'warning' | 'accent';

/** Text with a meaning. The text may be untrusted: renderers clean it. */
export interface Cell {
  readonly text: string;
  readonly tone: Tone;
}

export interface Column {
  readonly header: string;
  readonly align: 'left' | 'right';
  /** Gives way when the table is wider than the output; by default columns keep their width. */
  readonly shrinks?: boolean;
  /** Leaves the table when it is still too wide, those with the highest number first; by default columns stay. */
  readonly leaves?: number;
  /** How to read it; said below the table as long as the column is in it. */
  readonly note?: string;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** How many rows were left out at the end. */
  readonly omitted: number;
}

/** A titled part of a report: lines of text, then tables, then a note on how to read them. */
export interface Section {
  readonly title: string;
  readonly lines: readonly Cell[];
  readonly tables: readonly Table[];
  readonly note?: string;
}

/** A result prepared for reading: every renderer turns it into its own kind of text. */
export interface Report {
  readonly sections: readonly Section[];
}

export function cell(text: string | number, tone: Tone = 'plain'): Cell {
  return { text: String(text), tone };
}
