/** The places where keys mean something of their own. */
export const KEY_SCREENS = [
  'overview',
  'traces',
  'waterfall',
  'span',
  'services',
  'service',
  'dependencies',
  'findings',
  'finding',
  'operations',
  'bookmarks',
  'flame',
  'compare',
  'help',
  'prompt',
] as const;
export type KeyScreen = (typeof KEY_SCREENS)[number];

/** Command, keys as the input decoder names them, where, what it does, and one or two words for the bottom line. */
type Row = readonly [string, string, readonly KeyScreen[], string, string?];

export const ITEMS = [
  'overview',
  'services',
  'service',
  'findings',
  'finding',
  'operations',
  'bookmarks',
] as const;
const LISTS = ['traces', 'waterfall', 'dependencies', 'compare', ...ITEMS] as const;
export const SCREENS = [...LISTS, 'span', 'flame'] as const;
/** Where digits choose a main screen: in the waterfall they fold. */
const OTHERS = SCREENS.filter((screen) => screen !== 'waterfall');
const OF_ANALYSIS = [
  ...ITEMS.filter((screen) => screen !== 'bookmarks'),
  'dependencies',
  'flame',
  'compare',
] as const;
const SCROLLING = [...SCREENS, 'help'] as const;
const PAGED = [...LISTS, 'span', 'help'] as const;
const EVERYWHERE = [...SCROLLING, 'prompt'] as const;
const TREES = ['waterfall', 'dependencies'] as const;
const TRACE = ['waterfall', 'span'] as const;

/** Where a digit leads to `screen`: everywhere but on itself. */
function except(screen: KeyScreen): KeyScreen[] {
  return OTHERS.filter((other) => other !== screen);
}

/** Every key of the explorer. The dispatcher, the bottom line, the help and the documentation are made from this table. */
export const KEY_TABLE = {
  Move: [
    ['down', 'j down', SCROLLING, 'down'],
    ['up', 'k up', SCROLLING, 'up'],
    ['page-down', 'pagedown ctrl-f', PAGED, 'page down'],
    ['page-up', 'pageup ctrl-b', PAGED, 'page up'],
    ['half-down', 'ctrl-d', PAGED, 'half a page down'],
    ['half-up', 'ctrl-u', PAGED, 'half a page up'],
    ['first', 'g home', SCROLLING, 'to the beginning'],
    ['last', 'G end', SCROLLING, 'to the end'],
  ],
  Open: [
    ['open', 'enter', ['traces'], 'open the trace', 'open'],
    ['open', 'enter', ['waterfall'], 'details of the span', 'details'],
    ['open', 'enter', ['dependencies'], 'traces of the call', 'traces'],
    ['open', 'enter', ITEMS, 'what the line is about', 'open'],
    ['open', 'enter', ['flame'], 'this path over the whole width, or all', 'zoom'],
    ['open', 'enter', ['compare'], 'the trace, B before A', 'trace'],
    ['waterfall', 'w', ['flame'], 'the trace over time'],
    ['flame', 'F', ['traces'], 'flame graph of the traces listed'],
    ['flame', 'F', ['waterfall'], 'flame graph of the trace'],
    ['overview', 'O', ['traces'], 'overview of the traces listed'],
    [
      'mark',
      'd',
      ['traces', 'waterfall'],
      'mark the trace as A, then compare it with B',
      'compare',
    ],
    ['mark-all', 'D', ['traces'], 'mark the traces listed as A, then compare with B'],
    ['act', 'enter', ['span'], 'follow a link, or show spans with a value', 'links, values'],
    ['stacks', 's', ['span'], 'stack traces whole, or cut'],
    ['back', 'escape', [...SCREENS, 'help'], 'back, or clear the filter or search', 'back'],
    [
      'next-screen',
      'tab',
      OTHERS.filter((screen) => screen !== 'span'),
      'next screen',
      'next screen',
    ],
    ['next-screen', 'tab', ['waterfall'], 'next screen'],
    [
      'previous-screen',
      'shift-tab',
      SCREENS.filter((screen) => screen !== 'span'),
      'previous screen',
    ],
    ['go-overview', '1', except('overview'), 'overview: what is slow, what is broken'],
    ['go-traces', '2', except('traces'), 'traces'],
    ['go-services', '3', except('services'), 'services: rate, errors, durations'],
    ['go-dependencies', '4', except('dependencies'), 'dependencies: who calls whom'],
    ['go-findings', '5', except('findings'), 'findings'],
    ['go-operations', '6', except('operations'), 'traces by the operation of their root'],
    ['go-flame', '7', except('flame'), 'flame graph of all traces'],
    ['go-bookmarks', '8', except('bookmarks'), 'bookmarks'],
  ],
  Find: [
    ['filter', '/ f', ['traces'], 'filter: words, TraceQL or its short form', 'filter'],
    ['filter', '/ f', [...ITEMS, 'span'], 'only lines with these words', 'filter'],
    ['next-change', 'n', ['compare'], 'next difference', 'next'],
    ['previous-change', 'N', ['compare'], 'previous difference'],
    ['search', '/', ['waterfall'], 'search: words, key=value, >100ms', 'search'],
    ['filter', 'f', ['waterfall'], 'only what is found, and its ancestors', 'filter'],
    ['next-match', 'n', ['waterfall'], 'next match'],
    ['previous-match', 'N', ['waterfall'], 'previous match'],
    ['errors-only', 'e', ['traces'], 'only traces with errors, or all', 'errors only'],
    ['next-error', 'e', ['waterfall'], 'next error', 'next error'],
    ['previous-error', 'E', ['waterfall'], 'previous error'],
    ['next-critical', '}', ['waterfall'], 'next span on the critical path'],
    ['previous-critical', '{', ['waterfall'], 'previous span on the critical path'],
    ['next-section', 'tab', ['span'], 'next section', 'section'],
    ['previous-section', 'shift-tab', ['span'], 'previous section'],
    ['next-span', 'n right l', ['span'], 'next span', 'next span'],
    ['previous-span', 'p left h', ['span'], 'previous span'],
  ],
  Show: [
    ['sort', 's', ['traces'], 'sort by the next column', 'sort'],
    ['reverse', 'S', ['traces'], 'reverse the order'],
    ['chart', 'c', ['traces'], 'histogram, scatter plot, or no chart', 'chart'],
    ['graph', 'v', ['dependencies'], 'as a graph, or as a tree', 'graph'],
    ['changed-only', 'c', ['compare'], 'only what differs, or all', 'changed only'],
    ['swap', 'x', ['compare'], 'change sides'],
    ['critical-path', 'c', ['waterfall'], 'critical path on or off', 'critical path'],
    ['critical-only', 'C', ['waterfall'], 'only the critical path, or all'],
    ['self-time', 't', ['waterfall'], 'self times on or off'],
    ['clock-time', 'T', ['waterfall'], 'time of day, or since the beginning'],
    ['hide-service', 'x', ['waterfall'], 'hide the service'],
    ['isolate-service', 'X', ['waterfall'], 'only this service, or all'],
    ['new-root', 'r', ['waterfall'], 'only what is below the span, or all'],
  ],
  Zoom: [
    ['zoom-span', 'z', ['waterfall'], 'zoom to the span', 'zoom'],
    ['zoom-span', 'z', ['flame'], 'this path over the whole width, or all'],
    ['zoom-reset', '0', ['flame'], 'all paths'],
    ['next-sibling', 'right l', ['flame'], 'next path of the level'],
    ['previous-sibling', 'left h', ['flame'], 'previous path of the level'],
    ['mark-right', 'right l', ['traces'], 'mark the next column of the chart'],
    ['mark-left', 'left h', ['traces'], 'mark the previous column of the chart'],
    ['mark-wider', 'shift-right L', ['traces'], 'mark one column more'],
    ['mark-narrower', 'shift-left H', ['traces'], 'mark one column less'],
    ['mark-apply', 'b', ['traces'], 'only traces in the marked columns'],
    ['zoom-in', '+ =', ['waterfall'], 'zoom in'],
    ['zoom-out', '-', ['waterfall'], 'zoom out'],
    ['zoom-reset', '0', ['waterfall'], 'whole trace'],
    ['zoom-back', 'Z', ['waterfall'], 'as it was before zooming'],
    ['pan-left', '< shift-left', ['waterfall'], 'earlier'],
    ['pan-right', '> shift-right', ['waterfall'], 'later'],
  ],
  Fold: [
    ['fold', 'space', TREES, 'fold or unfold', 'fold'],
    ['collapse', 'h left', TREES, 'fold, or go to the parent'],
    ['expand', 'l right', TREES, 'unfold, or go to the first child'],
    ['expand-all', '[', TREES, 'unfold all'],
    ['collapse-all', ']', TREES, 'fold all'],
    ['expand-level', 'o', ['waterfall'], 'unfold one level more'],
    ['collapse-level', 'p', ['waterfall'], 'fold one level more'],
    ['fold-depth', '1 2 3 4 5 6 7 8 9', ['waterfall'], 'so many levels'],
    ['group', 'u', ['waterfall'], 'repeated siblings in one row, or each'],
  ],
  General: [
    [
      'copy',
      'y',
      ['traces', ...TRACE],
      'copy id, name, attribute, JSON, Markdown, TraceQL, command',
      'copy',
    ],
    ['copy-trace', 'Y', ['traces', ...TRACE], 'copy the trace id'],
    ['bookmark', 'm', TRACE, 'keep the span as a bookmark, with a note'],
    ['drop', 'x', ['bookmarks'], 'remove the bookmark', 'remove'],
    ['write', 'w', TRACE, 'write the trace or span to a file: .json or .md'],
    ['open-url', 'U', ['traces', ...TRACE], 'open in another tool, as configured'],
    ['palette', ':', SCREENS, 'find a command by its name', 'commands'],
    ['reload', 'R', OF_ANALYSIS, 'work it out again'],
    ['redraw', 'ctrl-l', SCREENS, 'draw the screen again'],
    ['suspend', 'ctrl-z', EVERYWHERE, 'suspend; fg comes back'],
    ['help', '? f1', SCREENS, 'help', 'help'],
    ['close-help', '? q', ['help'], 'close the help', 'close'],
    ['quit', 'q', SCREENS, 'quit', 'quit'],
    ['quit', 'ctrl-c', EVERYWHERE, 'quit at once'],
  ],
  Typing: [
    ['accept', 'enter', ['prompt'], 'accept', 'accept'],
    ['cancel', 'escape', ['prompt'], 'cancel', 'cancel'],
    ['next-hit', 'down ctrl-n', ['prompt'], 'next match, choice or completion'],
    ['previous-hit', 'up ctrl-p', ['prompt'], 'previous match, choice or completion'],
    ['complete', 'tab', ['prompt'], 'complete the last word of a query'],
    ['erase', 'backspace', ['prompt'], 'erase a character'],
    ['erase-word', 'ctrl-w', ['prompt'], 'erase a word'],
    ['erase-all', 'ctrl-u', ['prompt'], 'erase all'],
  ],
} as const satisfies Record<string, readonly Row[]>;
