/** What `--max-memory` is unless said otherwise: the most that the process holds during an import, of any dump. */
export const DEFAULT_MAX_MEMORY_BYTES = 200_000_000;

/** An import takes so much whatever its dump is: Node twice, the program, the store's cache, batches on their way. Measured. */
export const BASE_MEMORY_BYTES = 110_000_000;

/** The least that `--max-memory` takes: a record of a megabyte must fit. */
export const MIN_MAX_MEMORY_BYTES = 125_000_000;

/** What a record of many small attributes takes while it is read and stored, for each byte that it has in the dump. Measured. */
const COST_OF_RECORD = 12;
/** The same for spans that wait for what stands behind them. */
const COST_OF_WAITING = 6;

const MIB = 1024 * 1024;
/** Twice the largest message that gRPC takes by default: what is not behind that is nowhere. */
const ENOUGH_WAITING_BYTES = 8 * MIB;

/** How much of a dump may be held at a time. All in bytes of the dump, decompressed. */
export interface MemoryLimits {
  /** The largest record: a span, or what else is read as one value. A larger one is an issue and is passed over. */
  readonly recordBytes: number;
  /** How far spans wait for what holds for all of them and may stand behind them. */
  readonly waitingBytes: number;
  /** The same while the resource or the scope itself has not come. */
  readonly ownerWaitingBytes: number;
  /** What Zstandard may keep at hand of what it decompressed. */
  readonly windowBytes: number;
}

/** What may be held so that the process stays within `maxMemoryBytes`, which is at least `MIN_MAX_MEMORY_BYTES`. */
export function memoryLimits(maxMemoryBytes: number): MemoryLimits {
  const rest = maxMemoryBytes - BASE_MEMORY_BYTES;
  const waiting = Math.floor(rest / COST_OF_WAITING);
  return {
    recordBytes: Math.floor(rest / COST_OF_RECORD),
    waitingBytes: Math.min(ENOUGH_WAITING_BYTES, waiting),
    ownerWaitingBytes: waiting,
    windowBytes: Math.floor(rest / 4),
  };
}

export const DEFAULT_LIMITS: MemoryLimits = memoryLimits(DEFAULT_MAX_MEMORY_BYTES);

/** Says what is too large for `limit`, and what to do. */
export function tooLarge(bytes: number, limit: number): string {
  const megabytes = Math.ceil((BASE_MEMORY_BYTES + bytes * COST_OF_RECORD) / 1e6);
  return `${bytes} bytes, --max-memory allows ${limit}; --max-memory ${megabytes}MB takes it`;
}
