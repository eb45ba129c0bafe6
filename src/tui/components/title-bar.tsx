import { Box, Text } from 'ink';
import type { Theme } from '../theme.ts';

interface TitleBarProps {
  readonly crumbs: readonly string[];
  readonly source: string;
  readonly theme: Theme;
}

/** The top line: the way to the shown screen, and what is being explored. */
export function TitleBar({ crumbs, source, theme }: TitleBarProps) {
  const { accent, strong, muted, faint } = theme;
  const before = crumbs
    .slice(0, -1)
    .map((crumb) => `${muted(crumb)} ${faint(theme.glyphs.crumb)} `);
  const shown = strong(crumbs.at(-1) ?? '');
  return (
    <Box height={1} justifyContent="space-between" columnGap={2}>
      <Box flexShrink={0}>
        <Text wrap="truncate">{` ${accent(strong('tracecli'))}  ${before.join('')}${shown}`}</Text>
      </Box>
      <Text wrap="truncate-start">{`${muted(source)} `}</Text>
    </Box>
  );
}
