import type { TraceFormat } from '../trace-format.ts';
import { zipkinVersion } from './detect-zipkin.ts';
import { zipkinDecoder } from './zipkin-decoder.ts';

/** Zipkin's API v2, and Next.js traces, which are written in it. Spans of version 1 among them are read as such. */
export const zipkinV2: TraceFormat = {
  name: 'zipkin-v2',
  title: 'Zipkin v2 JSON (Zipkin API, Next.js .next/trace)',
  whyNot: (head) => {
    const version = zipkinVersion(head);
    if (version === 'v2') return null;
    return version === 'v1' ? 'its spans are of version 1' : 'no span with "traceId" and "id"';
  },
  decode: zipkinDecoder,
};
