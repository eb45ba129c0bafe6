import { cleanText } from '../../report/clean-text.ts';
import { allBindings, type Binding, keyLabels, rebindKeys, screensText } from '../../tui/keymap.ts';
import { EXIT } from '../exit-code.ts';
import type { GlobalOptions } from '../global-options.ts';
import { type Io, paintFor } from '../io.ts';
import { configPath, readExplorerConfig } from '../read-explorer-config.ts';

export interface KeysOptions extends GlobalOptions {
  /** Print the names by which the configuration knows the commands, too. */
  readonly ids?: boolean;
}

const KEY_CELLS = 18;

/** Prints every key of the explorer, with those that the user's configuration changed. */
export async function keys(io: Io, options: KeysOptions): Promise<number> {
  const config = await readExplorerConfig(io);
  if (config.keys) rebindKeys(config.keys);
  const paint = paintFor(io, io.stdout, options.color);
  const groups = new Map<string, Binding[]>();
  for (const binding of allBindings()) {
    groups.set(binding.group, [...(groups.get(binding.group) ?? []), binding]);
  }
  for (const [group, bindings] of groups) {
    io.stdout.write(`${paint.bold(group)}\n`);
    for (const { id, keys: names, title, screens } of bindings) {
      const labels = keyLabels(names, true).padEnd(KEY_CELLS);
      const name = options.ids ? `${id.padEnd(KEY_CELLS)} ` : '';
      const where = paint.dim(screensText(screens));
      io.stdout.write(`  ${paint.cyan(cleanText(labels))} ${name}${title}  ${where}\n`);
    }
    io.stdout.write('\n');
  }
  io.stdout.write(paint.dim(`configuration: ${cleanText(configPath(io))}\n`));
  return EXIT.done;
}
