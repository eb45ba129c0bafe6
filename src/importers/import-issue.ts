/** What became of the data: `dropped` is lost, `repaired` was changed, `noted` is kept as read. */
export type Severity = 'dropped' | 'repaired' | 'noted';

/** Every problem that an import can meet, with what it means for the data. The code is what scripts match on. */
export const IMPORT_ISSUES = {
  'json-syntax': {
    severity: 'dropped',
    meaning: 'text that is not JSON; the record it stands in was skipped',
  },
  'truncated-input': {
    severity: 'dropped',
    meaning: 'the dump ends in the middle of a record',
  },
  'unrecognised-record': {
    severity: 'dropped',
    meaning: 'a record that is not a span of this format',
  },
  'record-too-large': {
    severity: 'dropped',
    meaning: 'a record that takes more memory than --max-memory allows; it was passed over',
  },
  'record-too-deep': {
    severity: 'dropped',
    meaning: 'a record with values nested too deep to be walked; it was passed over',
  },
  'other-signal': {
    severity: 'noted',
    meaning: 'a record of logs or metrics; tracecli keeps traces',
  },
  'trace-id-missing': { severity: 'dropped', meaning: 'a span without a usable trace id' },
  'span-id-missing': { severity: 'dropped', meaning: 'a span without a usable span id' },
  'link-id-missing': {
    severity: 'dropped',
    meaning: 'a link without usable ids; its span was kept',
  },
  'bad-field': {
    severity: 'repaired',
    meaning: 'a field of the wrong type or out of range; it was left out of its span',
  },
  'bad-text': {
    severity: 'repaired',
    meaning: 'text that is not UTF-8; bytes that mean nothing became U+FFFD',
  },
  'duplicate-attribute': {
    severity: 'repaired',
    meaning: 'an attribute that occurs twice with different values; the last one was kept',
  },
  'duplicate-field': {
    severity: 'repaired',
    meaning: 'a field that occurs twice in one JSON object; the last one was kept',
  },
  'bad-address': {
    severity: 'noted',
    meaning: 'an IP address that is not one; it was kept as text',
  },
  'unknown-process': {
    severity: 'repaired',
    meaning: 'a span names a process that its trace does not describe',
  },
  'end-before-start': {
    severity: 'noted',
    meaning: 'a span ends before it starts; its duration counts as 0',
  },
  'no-start': { severity: 'noted', meaning: 'a span without a start time' },
  'no-end': {
    severity: 'noted',
    meaning: 'a span without an end: unfinished, or its duration was not recorded',
  },
  'unknown-field': { severity: 'noted', meaning: 'a field that this format does not define' },
  'more-hits': {
    severity: 'noted',
    meaning: 'a search result that says it has more hits than the dump holds',
  },
  'partial-trace': { severity: 'noted', meaning: 'the producer says that the trace is incomplete' },
} as const satisfies Record<string, { severity: Severity; meaning: string }>;

export type IssueCode = keyof typeof IMPORT_ISSUES;

/** Where in a dump something is. After decompression; line and byte count from 1 and 0. Line is null for binary formats. */
export interface Place {
  readonly byte: number;
  readonly line: number | null;
}

/** One kind of problem of one dump: how often, where first, and what the first one was about. */
export interface IssueCount {
  readonly code: IssueCode;
  readonly severity: Severity;
  readonly count: number;
  readonly firstAt: Place;
  /** The first one's detail in a few words, quoting the dump, cut to 120 characters. */
  readonly example: string;
}
