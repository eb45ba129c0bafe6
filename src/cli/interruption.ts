import { EXIT } from './exit-code.ts';

/** Lets a long command end in order: what is committed stays. */
export interface Interruption {
  /** The exit code of the signal that arrived, null while none has. */
  readonly exitCode: () => number | null;
  /** Stop listening. */
  readonly dispose: () => void;
}

/** Watches for SIGINT and SIGTERM. The first one is noted; a second one of the same kind ends the process as usual. */
export function watchInterruption(): Interruption {
  let exitCode: number | null = null;
  const onInterrupt = () => {
    exitCode = EXIT.interrupted;
  };
  const onTerminate = () => {
    exitCode = EXIT.terminated;
  };
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onTerminate);
  return {
    exitCode: () => exitCode,
    dispose: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}
