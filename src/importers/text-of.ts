import { isUtf8 } from 'node:buffer';
import type { Report } from './read-field.ts';

const REPLACEMENT = '\ufffd';

/** Whether `text`, which was made of `bytes`, stands for bytes that are not UTF-8. */
export function isDamagedText(text: string, bytes: Uint8Array): boolean {
  return text.includes(REPLACEMENT) && !isUtf8(bytes);
}

/** The text that bytes are in UTF-8; what is not becomes U+FFFD and is reported. */
export function textOf(bytes: Buffer, report: Report): string {
  const text = bytes.toString('utf8');
  if (isDamagedText(text, bytes)) report('bad-text', text);
  return text;
}
