import { describe, expect, test } from 'vitest';
import { zipkinV1 } from '../../../src/importers/zipkin/zipkin-v1.ts';
import { type Span, serviceName, TIME_FLAGS } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';

const T0 = 1_700_000_000_000_000;
const IDS = { traceId: '0af7651916cd43dd8448eb211c80319c', id: 'b7ad6b7169203331' };
const A = { serviceName: 'a', ipv4: '10.0.0.1', port: 80 };
const B = { serviceName: 'b', ipv4: '10.0.0.2', port: 90 };
/** Endpoints by the letter that stands for them: `-` is none, the capital A is spelt differently. */
const ENDPOINTS: Readonly<Record<string, object | null>> = {
  a: A,
  b: B,
  A: { ...A, serviceName: 'A' },
  '-': null,
};

/** Whether the span itself has a timestamp and duration: 1 and 1500 µs. */
type Timing = 'timed' | 'untimed';

/** `cs a 1` is annotation `cs`, recorded at endpoint a, at microsecond 1. */
function annotations(text: string): object[] {
  return listed(text).map(([value, letter = '-', at]) => ({
    timestamp: T0 + Number(at),
    value,
    endpoint: ENDPOINTS[letter],
  }));
}

/** `sa=true b` is binary annotation `sa` of value `true`, recorded at (or about) endpoint b. */
function tags(text: string): object[] {
  return listed(text).map(([pair = '', letter = '-']) => {
    const [key, value = ''] = pair.split('=');
    const isTyped = /^(true|\d+)$/.test(value);
    return { key, value: isTyped ? JSON.parse(value) : value, endpoint: ENDPOINTS[letter] };
  });
}

function listed(text: string): string[][] {
  return text === '' ? [] : text.split(', ').map((item) => item.split(' '));
}

function record(core: string, timing: Timing, binary = ''): object {
  const times = timing === 'timed' ? { timestamp: T0 + 1, duration: 1500 } : {};
  return {
    ...IDS,
    ...times,
    annotations: annotations(core),
    binaryAnnotations: tags(binary),
  };
}

/** `kind service start+duration` in microseconds, `~` where there is none; `shared` and events behind. */
function told(span: Span): string {
  const { kind, resource, startUnixNano, durationNs, timeFlags, events, origin } = span;
  const start = timeFlags & TIME_FLAGS.noStart ? '~' : startUnixNano / 1000n - BigInt(T0);
  const duration = timeFlags & TIME_FLAGS.noEnd ? '~' : durationNs / 1000;
  const names = events.map((event) => ` !${event.name}`).join('');
  return `${kind} ${serviceName(resource)} ${start}+${duration}${origin.shared ? ' shared' : ''}${names}`;
}

/** The attributes that are not made of endpoints. */
function tagsOf({ attributes }: Span): Record<string, unknown> {
  return Object.fromEntries([...attributes].filter(([key]) => !/^net(work)?\./.test(key)));
}

describe('one half of a call', () => {
  test.each<[string, string, Timing, string]>([
    ['cs and cr', 'cs a 1, cr a 1501', 'timed', 'client a 1+1500'],
    ['sr and ss', 'sr a 1, ss a 1501', 'timed', 'server a 1+1500'],
    ['cs and cr without timestamp', 'cs a 1, cr a 11', 'untimed', 'client a 1+10'],
    ['sr and ss without: joined its client', 'sr a 1, ss a 11', 'untimed', 'server a 1+10 shared'],
    ['cs alone', 'cs a 1', 'untimed', 'client a 1+~'],
    ['sr alone', 'sr a 1', 'untimed', 'server a 1+~ shared'],
    ['cr alone', 'cr a 1', 'untimed', 'client a ~+~ !cr'],
    ['ss alone', 'ss a 1', 'untimed', 'server a ~+~ !ss'],
    ['cr at timestamp + duration', 'cr a 1501', 'timed', 'client a 1+1500'],
    ['ss at timestamp + duration', 'ss a 1501', 'timed', 'server a 1+1500'],
    ['cr elsewhere', 'cr a 9', 'timed', 'client a 1+1500 !cr'],
    ['an end before its begin', 'cs a 11, cr a 1', 'untimed', 'client a 11+0'],
    ['service names in different case', 'cs a 1, cr A 9', 'untimed', 'client a 1+8'],
  ])('%s', (_name, core, timing, expected) => {
    expect(decodeText(zipkinV1, [record(core, timing)]).spans.map(told)).toEqual([expected]);
  });

  test('sr and ss with a timestamp but no duration: a row shared in MySQL', () => {
    const shared = { ...record('sr a 5, ss a 11', 'timed'), duration: undefined };
    expect(decodeText(zipkinV1, [shared]).spans.map(told)).toEqual(['server a 5+6 shared']);
  });
});

describe('both halves in one record become two spans', () => {
  test.each<[string, string, Timing, string, string]>([
    [
      'the client owns timestamp and duration',
      'cs a 3, sr b 101, ss b 1401, cr a 1493',
      'timed',
      'client a 1+1500',
      'server b 101+1300 shared',
    ],
    [
      'without timestamp',
      'cs a 1, sr b 101, ss b 1401, cr a 1501',
      'untimed',
      'client a 1+1500',
      'server b 101+1300 shared',
    ],
    [
      'loopback: the service calls itself',
      'cs a 1, sr a 101, ss a 1401, cr a 1501',
      'untimed',
      'client a 1+1500',
      'server a 101+1300 shared',
    ],
    [
      'the server first',
      'sr b 101, ss b 1401, cs a 1, cr a 1501',
      'untimed',
      'server b 101+1300 shared',
      'client a 1+1500',
    ],
    [
      'one way: nobody waits for an answer',
      'cs a 1, sr b 101',
      'untimed',
      'client a 1+~',
      'server b 101+~ shared',
    ],
    [
      'producer and consumer',
      'ms a 1, ws a 3, wr b 10, mr b 15',
      'untimed',
      'producer a 1+2',
      'consumer b 10+5 shared',
    ],
    [
      'producer and consumer in one service',
      'ms a 1, mr a 15',
      'untimed',
      'producer a 1+~',
      'consumer a 15+~ shared',
    ],
  ])('%s', (_name, core, timing, first, second) => {
    const { spans, records, split } = decodeText(zipkinV1, [record(core, timing)]);
    expect(spans.map(told)).toEqual([first, second]);
    expect(spans.map(({ spanId }) => spanId)).toEqual([IDS.id, IDS.id]);
    expect({ records, split }).toEqual({ records: 1, split: 1 });
  });

  test('annotations and tags go to the half of their service', () => {
    const core = 'cs a 1, sr b 101, ss b 1401, cr a 1501, miss b 200, retry a 20, nowhere - 30';
    const { spans } = decodeText(zipkinV1, [record(core, 'timed', 'path=x b, uri=y a, free=z -')]);
    expect(spans.map(told)).toEqual([
      'client a 1+1500 !retry !nowhere',
      'server b 101+1300 shared !miss',
    ]);
    expect(spans.map(tagsOf)).toEqual([{ uri: 'y', free: 'z' }, { path: 'x' }]);
  });
});

test.each<[string, string, string]>([
  ['ms and ws', 'ms a 1, ws a 3', 'producer a 1+2'],
  ['ms alone', 'ms a 1', 'producer a 1+~'],
  ['wr and mr', 'wr a 1, mr a 11', 'consumer a 1+10'],
  ['mr alone', 'mr a 1', 'consumer a 1+~'],
  ['ws alone, an event', 'ws a 1', 'unspecified a ~+~ !ws'],
])('a message: %s', (_name, core, expected) => {
  expect(decodeText(zipkinV1, [record(core, 'untimed')]).spans.map(told)).toEqual([expected]);
});

describe('local spans', () => {
  test.each<[string, string, string, string, object]>([
    ['lc', '', 'lc=worker a', 'unspecified a 1+1500', { lc: 'worker' }],
    ['lc without a value', '', 'lc= a', 'unspecified a 1+1500', {}],
    ['lc without endpoint', '', 'lc=w -', 'unspecified unknown_service 1+1500', { lc: 'w' }],
    ['a tag tells the service', '', 'k=v a', 'unspecified a 1+1500', { k: 'v' }],
    ['no strings', '', 'n=1 a, b=true a', 'unspecified a 1+1500', { n: '1', b: 'true' }],
    ['an error', '', 'error=false a', 'unspecified a 1+1500', {}],
    ['sr nowhere', 'sr - 1, ss - 2', '', 'unspecified unknown_service 1+1500 !sr !ss', {}],
  ])('%s', (_name, core, binary, expected, attributes) => {
    const { spans } = decodeText(zipkinV1, [record(core, 'timed', binary)]);
    expect(spans.map(told)).toEqual([expected]);
    expect(spans.map(tagsOf)).toEqual([attributes]);
  });

  test('no time is made up from annotations', () => {
    const { spans } = decodeText(zipkinV1, [record('x a 5, y a 9', 'untimed')]);
    expect(spans.map(told)).toEqual(['unspecified a ~+~ !x !y']);
  });

  test('a duration without a timestamp is kept', () => {
    const { spans } = decodeText(zipkinV1, [{ ...record('', 'untimed', 'k=v a'), duration: 5 }]);
    expect(spans.map(told)).toEqual(['unspecified a ~+5']);
  });
});

describe('addresses of peers', () => {
  const client = 'cs a 1, cr a 9';
  const server = 'sr a 1, ss a 9';

  test.each<[string, string, string, string, unknown, unknown]>([
    ['sa of a client', client, 'sa=true b', 'client', 'b', '10.0.0.2'],
    ['sa as text (zipkin-ruby)', client, 'sa=1 b', 'client', 'b', '10.0.0.2'],
    ['ca of a server', server, 'ca=true b', 'server', 'b', '10.0.0.2'],
    ['ca that is the server itself', server, 'ca=true a', 'server', undefined, undefined],
    ['sa alone does not make a client', '', 'sa=true b, k=v a', 'unspecified', 'b', '10.0.0.2'],
    ['ca alone makes a server', '', 'ca=true b, k=v a', 'server', 'b', '10.0.0.2'],
    ['ca and sa', '', 'ca=true a, sa=true b', 'unspecified', 'b', '10.0.0.2'],
    ['ma of a producer', 'ms a 1', 'ma=true b', 'producer', 'b', '10.0.0.2'],
    ['ma of a consumer', 'mr a 1', 'ma=true b', 'consumer', 'b', '10.0.0.2'],
  ])('%s', (_name, core, binary, kind, peerName, peerAddress) => {
    const { spans } = decodeText(zipkinV1, [record(core, 'timed', binary)]);
    const peers = spans.map(({ attributes }) => [
      attributes.get('service.peer.name'),
      attributes.get('network.peer.address'),
    ]);
    expect(spans.map((span) => [span.kind, serviceName(span.resource)])).toEqual([[kind, 'a']]);
    expect(peers).toEqual([[peerName, peerAddress]]);
  });

  test("a ca with the server's own name loses it (Finagle)", () => {
    const ca = { key: 'ca', value: true, endpoint: { ...A, port: 1 } };
    const { spans } = decodeText(zipkinV1, [
      { ...record(server, 'timed'), binaryAnnotations: [ca] },
    ]);
    expect(spans[0]?.attributes.get('service.peer.name')).toBeUndefined();
    expect(spans[0]?.attributes.get('network.peer.port')).toBe(1n);
  });

  test('an address without an endpoint is a tag', () => {
    const { spans } = decodeText(zipkinV1, [record(client, 'timed', 'sa=x -')]);
    expect(spans.map(tagsOf)).toEqual([{ sa: 'x' }]);
  });
});
