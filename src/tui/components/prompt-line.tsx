import { Box, Text } from 'ink';
import type { Theme } from '../theme.ts';

interface PromptLineProps {
  /** What is typed for. */
  readonly sign: string;
  readonly text: string;
  readonly note: string;
  readonly theme: Theme;
}

/** The bottom line while something is typed, with a block as cursor. */
export function PromptLine({ sign, text, note, theme }: PromptLineProps) {
  const { accent, muted } = theme;
  return (
    <Box height={1} paddingLeft={1} justifyContent="space-between">
      <Text wrap="truncate-start">{`${accent(sign)} ${text}\x1b[7m \x1b[27m`}</Text>
      <Text>{`  ${note}  ${accent('Enter')} ${muted('accept')}  ${accent('Esc')} ${muted('cancel')} `}</Text>
    </Box>
  );
}
