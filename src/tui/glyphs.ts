/** The signs of the explorer. Each meaning has one, so that colour is never the only sign. All are one cell wide, guides two. */
export interface Glyphs {
  readonly error: string;
  /** Before words that tell of errors themselves. */
  readonly alert: string;
  readonly critical: string;
  readonly cursor: string;
  readonly expanded: string;
  readonly collapsed: string;
  /** A span whose parent is not in the data. */
  readonly missing: string;
  /** A span whose clock was corrected. */
  readonly shifted: string;
  readonly ascending: string;
  readonly descending: string;
  readonly ellipsis: string;
  readonly separator: string;
  readonly arrow: string;
  /** Between the screens of the title. */
  readonly crumb: string;
  readonly multiply: string;
  readonly bullet: string;
  readonly rule: string;
  /** A thin bar: a whole cell, and its left half ('' where there are no halves). */
  readonly line: { readonly full: string; readonly half: string };
  readonly elidedDepth: string;
  readonly guide: { branch: string; last: string; through: string; none: string };
  /** One sign per service where colours cannot tell them apart. */
  readonly services: readonly string[];
  readonly bar: BarGlyphs;
  /** From nothing to a full cell, from the bottom; none where nothing can be drawn. */
  readonly heights: readonly string[];
  /** Before a sum. */
  readonly sum: string;
  readonly gridLine: string;
  readonly border: 'round' | 'classic';
}

export interface BarGlyphs {
  /** Fillings of a cell from the left, by eighths: index 0 is empty, the last is full. Two entries where there are no eighths. */
  readonly eighths: readonly string[];
  /** A stretch of the critical path: drawn in the bar, in inverse video where `isInverse`. */
  readonly critical: string;
  readonly isCriticalInverse: boolean;
  /** Where a span would lie if its clock agreed with its parent's. */
  readonly corrected: string;
  /** A part of a span in which its children run. */
  readonly covered: string;
  /** The time after the start of a span without an end. */
  readonly unfinished: string;
  /** Time in which no span runs. */
  readonly idle: string;
}

export const UNICODE_GLYPHS: Glyphs = {
  error: '✖',
  alert: '✖ ',
  critical: '◆',
  cursor: '▌',
  expanded: '▾',
  collapsed: '▸',
  missing: '?',
  shifted: '↔',
  ascending: '▲',
  descending: '▼',
  ellipsis: '…',
  separator: '·',
  arrow: '→',
  crumb: '›',
  multiply: '×',
  bullet: '●',
  rule: '─',
  line: { full: '━', half: '╸' },
  elidedDepth: '»',
  guide: { branch: '├─', last: '└─', through: '│ ', none: '  ' },
  services: ['●', '◆', '▲', '■', '○', '◇', '△', '□', '◉', '▼', '◐', '▽'],
  bar: {
    eighths: [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
    critical: '━',
    isCriticalInverse: true,
    corrected: '┄',
    covered: '▒',
    unfinished: '╌',
    idle: '╱',
  },
  heights: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  sum: 'Σ',
  gridLine: '┊',
  border: 'round',
};

export const ASCII_GLYPHS: Glyphs = {
  error: 'x',
  alert: 'x ',
  critical: '*',
  cursor: '>',
  expanded: '-',
  collapsed: '+',
  missing: '?',
  shifted: '~',
  ascending: '^',
  descending: 'v',
  ellipsis: '~',
  separator: '-',
  arrow: '>',
  crumb: '>',
  multiply: 'x',
  bullet: 'o',
  rule: '-',
  line: { full: '=', half: '' },
  elidedDepth: '>',
  guide: { branch: '|-', last: '`-', through: '| ', none: '  ' },
  services: ['o', '@', '%', '&', '$', '=', 'a', 'e', 'i', 'u', 's', 'z'],
  bar: {
    eighths: [' ', '='],
    critical: '#',
    isCriticalInverse: false,
    corrected: '.',
    covered: '-',
    unfinished: '.',
    idle: '/',
  },
  heights: [' ', '.', ':', '=', '#'],
  sum: '+',
  gridLine: ':',
  border: 'classic',
};

/** Words, to be read aloud; drawings have none. Only for lines whose columns need not stand below one another. */
export const SPOKEN_GLYPHS: Glyphs = {
  ...ASCII_GLYPHS,
  error: 'error',
  alert: '',
  critical: 'critical',
  cursor: '',
  expanded: '',
  collapsed: 'folded',
  missing: '',
  shifted: '',
  ascending: 'ascending ',
  descending: 'descending ',
  ellipsis: '...',
  separator: 'none',
  arrow: 'to',
  crumb: 'then',
  multiply: 'times ',
  bullet: '',
  rule: '',
  line: { full: '', half: '' },
  elidedDepth: 'level ',
  guide: { branch: '', last: '', through: '', none: '' },
  services: [''],
  heights: [],
  sum: 'sum ',
  gridLine: '',
};
