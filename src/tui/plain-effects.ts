import type { AppData } from './app-data.ts';
import { foundEvent, writtenEvent } from './outside-events.ts';
import type { Effect } from './state/effect.ts';
import type { AppEvent } from './state/update.ts';
import { openUrl } from './terminal/open-url.ts';

/** What came of an effect. */
interface PlainResult {
  /** What the explorer is to be told. */
  readonly event?: AppEvent;
  /** There is more to show than before. */
  readonly isLoading: boolean;
}

const DONE: PlainResult = { isLoading: false };
const LOADED: PlainResult = { isLoading: true };

/** Does something outside of the state, and waits for it: in a conversation nothing happens meanwhile. */
export async function runPlainEffect(
  effect: Effect,
  data: AppData,
  print: (line: string) => void,
): Promise<PlainResult> {
  const { signal } = new AbortController();
  switch (effect.kind) {
    case 'load-trace':
      await data.loadTrace(effect.traceId, signal, () => {});
      return LOADED;
    case 'analyze':
      await data.analyze(effect.filter, { signal }, () => {});
      return LOADED;
    case 'load-points':
      await data.loadPoints(effect.filter, signal);
      return LOADED;
    case 'find':
      return { event: await foundEvent(effect, data.source, signal), isLoading: true };
    case 'reload':
      for (const filter of effect.filters) data.forgetAnalysis(filter);
      return LOADED;
    case 'copy':
      // There is no clipboard in a conversation, but there is what one would paste.
      print(effect.text);
      return DONE;
    case 'write':
      return { event: await writtenEvent(effect.path, effect.text), isLoading: false };
    case 'open-url':
      openUrl(effect.url);
      return DONE;
    case 'keep-bookmark':
      data.keepBookmark(effect.bookmark);
      return DONE;
    case 'drop-bookmark':
      data.dropBookmark(effect.bookmark);
      return LOADED;
    // What concerns a terminal, or goes on meanwhile.
    case 'quit':
    case 'suspend':
    case 'redraw':
    case 'stop-analysis':
    case 'load-words':
    case 'filter-soon':
      return DONE;
  }
}
