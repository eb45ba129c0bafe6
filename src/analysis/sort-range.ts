/** Below this many, moving elements costs less than calling a sort. */
const FEW = 24;

/** Sorts `items` from `first` to `end` by their values in `by`, ascending; of equal ones the order stays. Cheap where they are in order. */
export function sortRange(items: Int32Array, first: number, end: number, by: Float64Array): void {
  if (isSorted(items, first, end, by)) return;
  if (end - first > FEW) {
    items.subarray(first, end).sort((a, b) => (by[a] ?? 0) - (by[b] ?? 0));
    return;
  }
  for (let i = first + 1; i < end; i++) {
    const item = items[i] ?? 0;
    const value = by[item] ?? 0;
    let to = i;
    for (; to > first && (by[items[to - 1] ?? 0] ?? 0) > value; to--)
      items[to] = items[to - 1] ?? 0;
    items[to] = item;
  }
}

function isSorted(items: Int32Array, first: number, end: number, by: Float64Array): boolean {
  for (let i = first + 1; i < end; i++) {
    if ((by[items[i - 1] ?? 0] ?? 0) > (by[items[i] ?? 0] ?? 0)) return false;
  }
  return true;
}
