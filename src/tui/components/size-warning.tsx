import { Box, Text } from 'ink';

interface SizeWarningProps {
  readonly lines: readonly string[];
  readonly columns: number;
  readonly rows: number;
}

/** All that a terminal shows that is too small for anything else. */
export function SizeWarning({ lines, columns, rows }: SizeWarningProps) {
  return (
    <Box
      width={columns}
      height={rows}
      flexDirection="column"
      alignItems="center"
      justifyContent="center"
    >
      {lines.map((line) => (
        <Text key={line} wrap="wrap">
          {line}
        </Text>
      ))}
    </Box>
  );
}
