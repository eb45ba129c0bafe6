import { Box, Text } from 'ink';
import type { HelpLayout } from '../layout/help-rows.ts';
import type { Theme } from '../theme.ts';

interface HelpDialogProps {
  readonly help: HelpLayout & { readonly title: string; readonly top: number };
  readonly theme: Theme;
}

/** The keys of the screen below, in a box that scrolls where it is too small for all. */
export function HelpDialog({ help, theme }: HelpDialogProps) {
  const { lines, widthCells, visibleRows, title, top } = help;
  const shown = lines.slice(top, top + visibleRows);
  const last = Math.min(lines.length, top + visibleRows);
  const position = lines.length > visibleRows ? ` ${top + 1}–${last} of ${lines.length}` : '';
  return (
    <Box
      flexDirection="column"
      width={widthCells + 4}
      borderStyle={theme.glyphs.border}
      paddingX={1}
    >
      <Text>{theme.strong(title) + theme.muted(position)}</Text>
      {shown.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
        <Text key={i} wrap="truncate">
          {line === '' ? ' ' : line}
        </Text>
      ))}
    </Box>
  );
}
