// Preloaded into the built command where the machine's clock is behind the fixtures: sets it ahead by a year or as many as it takes.
const YEAR_MS = 366 * 86_400_000;
const Clock = Date;
const { LATER_THAN_MS = '0' } = process.env;
const behindMs = Number(LATER_THAN_MS) - Clock.now();
const aheadMs = behindMs > 0 ? Math.ceil(behindMs / YEAR_MS) * YEAR_MS : 0;

globalThis.Date = class extends Clock {
  constructor(...parts) {
    super(...(parts.length === 0 ? [Clock.now() + aheadMs] : parts));
  }

  static now() {
    return Clock.now() + aheadMs;
  }
};
