import type { TraceFormat } from '../trace-format.ts';
import { zipkinVersion } from './detect-zipkin.ts';
import { zipkinDecoder } from './zipkin-decoder.ts';

/** Zipkin's API v1, and JSON made of its Thrift form. Spans of version 2 among them are read as such. */
export const zipkinV1: TraceFormat = {
  name: 'zipkin-v1',
  title: 'Zipkin v1 JSON (also as converted from Thrift)',
  whyNot: (head) => {
    const version = zipkinVersion(head);
    if (version === 'v1') return null;
    return version === 'v2' ? 'its spans are of version 2' : 'no "binaryAnnotations" or "endpoint"';
  },
  decode: zipkinDecoder,
};
