import { spawn } from 'node:child_process';
import process from 'node:process';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'open',
  win32: 'explorer.exe',
};

/** Has the desktop open a page. Over SSH there is none: then nothing happens, and the address stands on the screen. */
export function openUrl(url: string): void {
  if (!/^https?:\/\//.test(url)) return;
  const child = spawn(OPENERS[process.platform] ?? 'xdg-open', [url], {
    detached: true,
    stdio: 'ignore',
  });
  child.on('error', () => {});
  child.unref();
}
