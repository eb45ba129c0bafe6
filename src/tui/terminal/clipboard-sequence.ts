/** Asks the terminal to put `text` on the clipboard (OSC 52); works over SSH, where the terminal allows it. */
export function clipboardSequence(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
}
