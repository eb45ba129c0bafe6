/**
 * What the JSON scanner expects next: `first` a member or the end of what was just opened · `member` after a comma · `colon` · `value` ·
 * `after` a comma or the end · `inside` the rest of a value · `line` the first character of a line inside a value ·
 * `lost` nothing until the line ends · `lost-line` a line's first character, which may tell where reading can go on.
 */
export type JsonScanState =
  | 'first'
  | 'member'
  | 'colon'
  | 'value'
  | 'after'
  | 'inside'
  | 'line'
  | 'lost'
  | 'lost-line';
