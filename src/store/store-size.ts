import { statSync } from 'node:fs';

/** What the store at `path` takes on the disk: the file and its write-ahead log. */
export function storeSizeBytes(path: string): number {
  return fileSize(path) + fileSize(`${path}-wal`);
}

function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
