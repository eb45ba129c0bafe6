import { jaegerApiV3 } from './jaeger/jaeger-api-v3.ts';
import { jaegerCassandra } from './jaeger/jaeger-cassandra.ts';
import { jaegerElasticsearch } from './jaeger/jaeger-elasticsearch.ts';
import { jaegerJson } from './jaeger/jaeger-json.ts';
import { jaegerModelJson } from './jaeger/jaeger-model-json.ts';
import { jaegerThriftJson } from './jaeger/jaeger-thrift-json.ts';
import { otelFlat } from './otlp/otel-flat.ts';
import { otelGoStdout } from './otlp/otel-go-stdout.ts';
import { otelJsConsole } from './otlp/otel-js-console.ts';
import { otlpJson } from './otlp/otlp-json.ts';
import { otlpProtobuf } from './otlp/otlp-protobuf.ts';
import { tempoJson } from './otlp/tempo-json.ts';
import type { TraceFormat } from './trace-format.ts';
import { zipkinV1 } from './zipkin/zipkin-v1.ts';
import { zipkinV2 } from './zipkin/zipkin-v2.ts';

/**
 * Every format that tracecli reads. Detection takes the first that does not say no, so the order matters: first the binary one,
 * then those told by the name of a container (`resourceSpans`, `batches`, `data`), last those told by the fields of a single record.
 */
export const FORMATS: readonly TraceFormat[] = [
  otlpProtobuf,
  otlpJson,
  tempoJson,
  jaegerApiV3,
  jaegerJson,
  jaegerModelJson,
  jaegerElasticsearch,
  jaegerThriftJson,
  jaegerCassandra,
  otelGoStdout,
  otelJsConsole,
  zipkinV2,
  zipkinV1,
  otelFlat,
];
