import { Box, Text } from 'ink';
import type { Theme } from '../theme.ts';
import type { ChoiceList } from './choice-list.ts';

interface ChoiceDialogProps {
  readonly choices: ChoiceList;
  readonly theme: Theme;
}

/** The choices that are left, the marked one with a background. */
export function ChoiceDialog({ choices, theme }: ChoiceDialogProps) {
  const { title, lines, widthCells } = choices;
  return (
    <Box
      flexDirection="column"
      width={widthCells + 4}
      borderStyle={theme.glyphs.border}
      paddingX={1}
    >
      <Text>{theme.strong(title)}</Text>
      {lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
        <Text key={i} wrap="truncate">
          {line}
        </Text>
      ))}
    </Box>
  );
}
