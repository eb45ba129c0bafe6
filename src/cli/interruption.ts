import { EXIT } from './exit-code.ts';

/** Lets a long command end in order: what is committed stays. */
export interface Interruption {
  /** Aborted when a signal arrives. */
  readonly signal: AbortSignal;
  /** The exit code of the signal that arrived, null while none has. */
  readonly exitCode: () => number | null;
  /** Stop listening. */
  readonly dispose: () => void;
}

/** Watches for SIGINT and SIGTERM. The first one is noted; a second one of the same kind ends the process as usual. */
export function watchInterruption(): Interruption {
  const controller = new AbortController();
  let exitCode: number | null = null;
  const end = (code: number) => {
    exitCode = code;
    controller.abort();
  };
  const onInterrupt = () => end(EXIT.interrupted);
  const onTerminate = () => end(EXIT.terminated);
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onTerminate);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    dispose: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}

/** What `work` gives, or null when `signal` is aborted before that: a pipe may have nothing to say for hours. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(null);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
