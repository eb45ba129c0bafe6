/** Loaded into a measured process: writes what it used to the file that BENCH_USAGE names, when it exits. */
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const { BENCH_USAGE } = process.env;
if (BENCH_USAGE !== undefined && isMainThread) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const usage = { cpuMicros: userCPUTime + systemCPUTime, peakKiB: maxRSS };
    writeFileSync(BENCH_USAGE, JSON.stringify(usage));
  });
}
