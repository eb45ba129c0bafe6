import type { SpanLink } from '../model/span.ts';
import type { TraceNode } from '../model/trace.ts';
import { narrowText } from '../report/clean-text.ts';
import { traceIdText } from '../report/trace-id-text.ts';
import type { KeyScreen } from './key-table.ts';
import { type CommandId, keyLabels, namedBindings } from './keymap.ts';
import { attributeText } from './layout/attribute-text.ts';
import { filledUrl, type LinkSubject } from './link-template.ts';
import { traceQlOf } from './span-query.ts';
import { spanJson, spanMarkdown, traceJson, traceMarkdown } from './span-text.ts';
import type { Context, PromptPurpose, Screen } from './state/app-state.ts';
import { selectedTrace, selectedTraceOf } from './state/traces-commands.ts';
import type { TraceView } from './trace-view.ts';
import { listCommand, traceCommand } from './view-command.ts';

/** What happens to a choice when it is taken. */
export type ChoiceAction =
  | { readonly kind: 'command'; readonly command: CommandId; readonly key: string }
  /** The text is made when it is taken: that of a large trace takes a moment. */
  | { readonly kind: 'copy'; readonly text: () => string }
  | { readonly kind: 'open-url'; readonly url: string }
  | { readonly kind: 'follow'; readonly link: SpanLink }
  | { readonly kind: 'filter'; readonly filter: string };

/** One line of a list that opens over the screen. */
export interface Choice {
  readonly label: string;
  readonly detail: string;
  readonly action: ChoiceAction;
}

/** Values longer than this are cut in the list; what is copied is whole. */
const LONGEST_DETAIL = 80;

/** The choices of a prompt that `text` lets through: those that have all of its words. */
export function choicesOf(
  purpose: PromptPurpose,
  text: string,
  screen: Screen,
  context: Context,
): readonly Choice[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return allChoices(purpose, screen, context).filter(({ label, detail }) => {
    const searched = `${label} ${detail}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}

function allChoices(purpose: PromptPurpose, screen: Screen, context: Context): readonly Choice[] {
  if (purpose === 'command') return commandChoices(screen.kind, context.theme.isUnicode);
  const selected = selectedSpan(screen, context);
  if (purpose === 'copy') return copyChoices(selected, screen, context);
  if (purpose === 'act') return selected ? actionChoices(selected.node) : [];
  return purpose === 'open-url' ? linkChoices(selected, screen, context) : [];
}

function commandChoices(screen: KeyScreen, isUnicode: boolean): Choice[] {
  const named = namedBindings(screen);
  // How to move is what one looks for last.
  const ordered = [...named].sort(
    (a, b) => Number(a.group === 'Move') - Number(b.group === 'Move'),
  );
  return ordered.flatMap(({ id, keys, title, group, screens }) =>
    id === 'palette'
      ? []
      : [
          {
            label: title,
            detail: screens.includes(screen) ? `${keyLabels(keys, isUnicode)}  ${group}` : group,
            action: { kind: 'command', command: id, key: keys[0] ?? '' } as const,
          },
        ],
  );
}

interface SelectedSpan {
  readonly view: TraceView;
  readonly node: TraceNode;
}

function selectedSpan(screen: Screen, { data }: Context): SelectedSpan | null {
  if (screen.kind !== 'waterfall' && screen.kind !== 'span') return null;
  const view = data.trace(screen.traceId);
  if (view.status !== 'ready') return null;
  const node = view.value.nodes[screen.kind === 'span' ? screen.node : screen.selected];
  return node && !view.value.missing.has(node.index) ? { view: view.value, node } : null;
}

function copyChoices(selected: SelectedSpan | null, screen: Screen, context: Context): Choice[] {
  const trace = selectedTraceOf(screen, context);
  const traceId = selected?.view.trace.traceId ?? (trace?.kind === 'trace' ? trace.traceId : null);
  const choices: Choice[] = selected ? spanCopies(selected) : [];
  if (traceId !== null) {
    choices.push(copy('trace id', traceId));
    choices.push(copy('command that prints the trace', `tracecli show ${traceId}`));
    const waterfall = screen.kind === 'waterfall' ? screen : null;
    const command = traceCommand(traceId, selected?.node.span.spanId ?? null, waterfall);
    choices.push(copy('command that opens this view', command));
  }
  if (screen.kind === 'traces') {
    choices.push(copy('command that lists such traces', listCommand(screen)));
  }
  if (selected) {
    choices.push(copyLater('trace as Markdown', () => traceMarkdown(selected.view)));
    choices.push(copyLater('trace as JSON', () => traceJson(selected.view)));
    for (const [key, value] of selected.node.span.attributes) {
      choices.push(copy(key, attributeText(value)));
    }
  }
  return choices;
}

function spanCopies({ node, view }: SelectedSpan): Choice[] {
  return [
    copy('span id', node.span.spanId),
    copy('operation', node.span.name),
    copy('service', node.service),
    copy('TraceQL that selects such spans', traceQlOf(node)),
    copyLater('span as Markdown', () => spanMarkdown(node, view)),
    copyLater('span as JSON', () => spanJson(node, view)),
  ];
}

function copy(label: string, text: string): Choice {
  const detail = text.includes('\n') ? '' : text.slice(0, LONGEST_DETAIL);
  return { label, detail: narrowText(detail), action: { kind: 'copy', text: () => text } };
}

function copyLater(label: string, text: () => string): Choice {
  return { label, detail: '', action: { kind: 'copy', text } };
}

/** What one can do with the values of a span: follow its links, show the spans that have the same. */
function actionChoices({ span }: TraceNode): Choice[] {
  const links = span.links.map((link): Choice => {
    const isHere = link.traceId === span.traceId;
    const detail = isHere ? 'this trace' : `trace ${traceIdText(link.traceId)}`;
    return {
      label: `follow the link to span ${link.spanId}`,
      detail,
      action: { kind: 'follow', link },
    };
  });
  const facts: Choice[] = [
    byValue('name', span.name),
    ...(span.statusCode === 'unset' ? [] : [byValue('status', span.statusCode)]),
  ];
  const values = [...span.attributes].map(([key, value]) => byValue(key, attributeText(value)));
  return [...links, ...facts, ...values];
}

function byValue(key: string, value: string): Choice {
  const [line = ''] = value.split('\n');
  const filter = /\s/.test(line) ? `"${key}=${line}"` : `${key}=${line}`;
  const label = `only spans with ${key} = ${narrowText(line.slice(0, LONGEST_DETAIL))}`;
  return { label, detail: '', action: { kind: 'filter', filter } };
}

function linkChoices(selected: SelectedSpan | null, screen: Screen, context: Context): Choice[] {
  const subject = selected ? subjectOf(selected) : listedSubject(screen, context);
  if (!subject) return [];
  return context.links.flatMap(({ name, url }) => {
    const whole = filledUrl(url, subject);
    if (whole === null) return [];
    return [{ label: name, detail: narrowText(whole), action: { kind: 'open-url', url: whole } }];
  });
}

function subjectOf({ view, node }: SelectedSpan): LinkSubject {
  const { traceId, startUnixNano, durationNs } = view.trace;
  const trace = { start: startUnixNano, durationNs };
  return { traceId, trace, service: node.service, operation: node.span.name, node };
}

function listedSubject(screen: Screen, context: Context): LinkSubject | null {
  const listed = screen.kind === 'traces' ? selectedTrace(screen, context) : null;
  if (!listed) return null;
  const { traceId, startUnixNano, durationNs, root } = listed;
  const { service = '', operation = '' } = root ?? {};
  const trace = { start: startUnixNano, durationNs };
  return { traceId, trace, service, operation, node: null };
}
