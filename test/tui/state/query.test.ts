import { describe, expect, test } from 'vitest';
import type { TracesScreen } from '../../../src/tui/state/app-state.ts';
import { looksLikeQuery } from '../../../src/tui/state/query-commands.ts';
import { memorySource } from '../../helpers/memory-source.ts';
import { shopTrace } from '../../helpers/shop-spans.ts';
import { Stage } from '../../helpers/stage.ts';

const source = memorySource(Array.from({ length: 20 }, (_, i) => shopTrace(i)));

function traces({ screen }: Stage): TracesScreen {
  if (screen.kind !== 'traces') throw new Error(`on ${screen.kind}`);
  return screen;
}

test.each([
  ['checkout', false],
  ['GET /checkout', false],
  ['5f3a-0015', false],
  ['{ status = error }', true],
  ['service=web', true],
  ['>200ms', true],
  ['checkout -healthz', true],
  ['"two words"', true],
])('%s is a query: %s', (text, isQuery) => {
  expect(looksLikeQuery(text)).toBe(isQuery);
});

describe('a query in the filter of the list', () => {
  test('is asked when it is accepted, and shows what it found', async () => {
    const stage = new Stage(source).keys('/ text:service=payment space status=error enter');
    expect(stage.state.prompt).toBeNull();
    await stage.keys('/ ctrl-u text:{status=error} enter').analyzed();
    expect(await stage.text()).toMatch(/4 traces {2}query \{status=error\}/);
    expect(traces(stage).query).toBe('{status=error}');
  });

  test('is taken back by escape', async () => {
    const stage = await new Stage(source).keys('/ text:status=error enter').analyzed();
    expect(await stage.keys('escape').text()).toMatch(/20 traces/);
    expect(traces(stage).scope).toEqual({});
  });

  test('words after a query stand for themselves', async () => {
    const stage = await new Stage(source).keys('/ text:status=error enter').analyzed();
    stage.keys('/ ctrl-u text:mail enter');
    expect(traces(stage)).toMatchObject({ query: '', words: 'mail', scope: {} });
  });
});

describe('completion', () => {
  const typing = async (text: string) => {
    const stage = await new Stage(source).keys('/').analyzed();
    return stage.keys(`text:${text}`);
  };

  test('of a name', async () => {
    const stage = await typing('serv');
    expect(stage.keys('tab').state.prompt?.text).toBe('service=');
  });

  test('of a service', async () => {
    const stage = await typing('service=pa');
    expect(await stage.text()).toContain('Tab payment');
    expect(stage.keys('tab').state.prompt?.text).toBe('service=payment');
  });

  test('of an attribute and its value', async () => {
    const stage = await typing('db.nam');
    expect(stage.keys('tab').state.prompt?.text).toBe('db.namespace=');
    expect(stage.keys('text:s tab').state.prompt?.text).toBe('db.namespace=shop');
  });

  test('of TraceQL', async () => {
    const stage = await typing('{span.db.nam');
    expect(stage.keys('tab').state.prompt?.text).toBe('{span.db.namespace');
  });

  test('among several the arrows choose, round and round', async () => {
    const stage = await typing('c');
    expect(await stage.text()).toMatch(/Tab cart {2}1\/\d+/);
    expect(await stage.keys('down').text()).toMatch(/Tab catalog {2}2\/\d+/);
    expect(stage.keys('tab').state.prompt?.text).toBe('catalog');
    const other = (await typing('c')).keys('up down down');
    expect(other.keys('tab').state.prompt?.text).toBe('catalog');
  });

  test('nothing fits: nothing happens', async () => {
    const stage = await typing('zzz');
    expect(stage.keys('tab').state.prompt?.text).toBe('zzz');
  });

  test('before the words are known nothing is proposed, and typing goes on', () => {
    expect(new Stage(source).keys('/ text:serv tab text:x').state.prompt?.text).toBe('servx');
  });
});

test('the traces of a call between services are those that a query finds', async () => {
  const stage = await new Stage(source).keys('4').analyzed();
  stage.keys('/ escape');
  while (!(await stage.text()).match(/web → catalog/)) stage.keys('j');
  await stage.keys('enter').analyzed();
  expect(traces(stage).query).toBe(
    '{ resource.service.name = "web" } >> { resource.service.name = "catalog" }',
  );
  expect(await stage.text()).toMatch(/20 traces/);
});
