import type { Io } from './io.ts';

/** What an import spends its time on. */
const STAGES = ['read and decode', 'write', 'summaries'] as const;
type Stage = (typeof STAGES)[number];

/** How long each stage of an import took, by the wall clock. */
export class StageTimes {
  readonly #ms = new Map<Stage, number>();
  #last = performance.now();

  /** `stage` took the time since the stage before it, or since the beginning. */
  end(stage: Stage): void {
    const now = performance.now();
    this.#ms.set(stage, (this.#ms.get(stage) ?? 0) + now - this.#last);
    this.#last = now;
  }

  /** `read and decode 3.21 s, write 5.10 s, summaries 0.42 s` */
  text(): string {
    return STAGES.map(
      (stage) => `${stage} ${((this.#ms.get(stage) ?? 0) / 1000).toFixed(2)} s`,
    ).join(', ');
  }
}

/** A line on standard error for those who want to know. */
export function printStages(io: Io, stages: StageTimes): void {
  io.stderr.write(`time: ${stages.text()}\n`);
}
