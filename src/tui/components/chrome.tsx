import { Box } from 'ink';
import type { Theme } from '../theme.ts';
import { ChoiceDialog } from './choice-dialog.tsx';
import type { ChromeState } from './chrome-state.ts';
import { HelpDialog } from './help-dialog.tsx';
import { KeyHints } from './key-hints.tsx';
import { PromptLine } from './prompt-line.tsx';
import { SizeWarning } from './size-warning.tsx';
import { TitleBar } from './title-bar.tsx';

export interface ChromeProps {
  readonly chrome: ChromeState;
  readonly theme: Theme;
}

/** Title, bottom line and dialog one below the other; the painter cuts the frame into these pieces and puts each in its place. */
export function Chrome({ chrome, theme }: ChromeProps) {
  if (chrome.warning)
    return <SizeWarning lines={chrome.warning} columns={chrome.columns} rows={chrome.rows} />;
  return (
    <Box flexDirection="column" width={chrome.columns}>
      <TitleBar crumbs={chrome.crumbs} source={chrome.source} theme={theme} />
      {chrome.prompt ? (
        <PromptLine {...chrome.prompt} theme={theme} />
      ) : (
        <KeyHints hints={chrome.hints} theme={theme} />
      )}
      {chrome.choices && <ChoiceDialog choices={chrome.choices} theme={theme} />}
      {chrome.help && <HelpDialog help={chrome.help} theme={theme} />}
    </Box>
  );
}
