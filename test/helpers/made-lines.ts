/** Line number `n` of an endless dump in OTLP JSON lines: an export request with 1,000 spans of 100 traces. */
export function madeLine(n: number): string {
  const spans = Array.from({ length: 1000 }, (_, i) => ({
    traceId: (n * 100 + Math.floor(i / 10) + 1).toString(16).padStart(32, '0'),
    spanId: ((i % 10) + 1).toString(16).padStart(16, '0'),
    parentSpanId: i % 10 === 0 ? '' : '1'.padStart(16, '0'),
    name: `op ${i % 7}`,
    startTimeUnixNano: String(1_700_000_000_000_000_000n + BigInt(n * 1000 + i)),
    endTimeUnixNano: '1700000001000000000',
    attributes: [{ key: 'text', value: { stringValue: `${'x'.repeat(200)} ${n} ${i}` } }],
  }));
  const resource = {
    attributes: [{ key: 'service.name', value: { stringValue: `svc ${n % 5}` } }],
  };
  return `${JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })}\n`;
}

/** Lines `first` to `last`, both included. */
export function madeLines(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, i) => madeLine(first + i)).join('');
}
