import { Box, Text } from 'ink';
import type { Theme } from '../theme.ts';
import type { Hint } from './hints.ts';

interface KeyHintsProps {
  readonly hints: readonly Hint[];
  readonly theme: Theme;
}

/** The bottom line: the keys one needs most here. */
export function KeyHints({ hints, theme }: KeyHintsProps) {
  return (
    <Box height={1} paddingLeft={1} columnGap={2}>
      {hints.map(({ key, text }) => (
        <Text key={key} wrap="truncate">{`${theme.accent(key)} ${theme.muted(text)}`}</Text>
      ))}
    </Box>
  );
}
