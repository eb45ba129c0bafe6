import type { CommandId } from '../keymap.ts';
import { type Context, isItems, type Screen, type Step } from './app-state.ts';
import { compareCommand } from './compare-commands.ts';
import { dependenciesCommand } from './dependencies-commands.ts';
import { flameCommand } from './flame-commands.ts';
import { itemsCommand } from './items-commands.ts';
import { FIRST_OUTLINE, type Outline } from './outline.ts';
import { spanCommand } from './span-commands.ts';
import { tracesCommand } from './traces-commands.ts';
import { waterfallCommand } from './waterfall-commands.ts';

/** What a command makes of a screen; `below` is what the waterfall under a span shows. */
export function screenCommand(
  screen: Screen,
  command: CommandId,
  context: Context,
  below: Outline = FIRST_OUTLINE,
): Step {
  if (isItems(screen)) return itemsCommand(screen, command, context);
  switch (screen.kind) {
    case 'traces':
      return tracesCommand(screen, command, context);
    case 'waterfall':
      return waterfallCommand(screen, command, context);
    case 'span':
      return spanCommand(screen, command, context, below);
    case 'dependencies':
      return dependenciesCommand(screen, command, context);
    case 'flame':
      return flameCommand(screen, command, context);
    case 'compare':
      return compareCommand(screen, command, context);
  }
}
