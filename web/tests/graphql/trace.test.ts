import { describe, expect, it } from 'vitest';
import { telling } from '../../src/graphql/spans';
import { Traces } from '../../src/graphql/trace';
import type { Told } from './support';

/** Ids are counted, and time passes when it is told to. */
function watched() {
  const told: Told[] = [];
  const clock = { now: 0 };
  let drawn = 0;
  const waiting: Array<{ at: number; run: () => void }> = [];
  const traces = new Traces({
    draw: (bytes) => String(++drawn).padStart(2 * bytes, '0'),
    now: () => clock.now,
    after: (ms, run) => void waiting.push({ at: clock.now + ms, run }),
    tell: (deed, now) => void told.push(telling(deed, now)),
  });
  const pass = (ms: number) => {
    clock.now += ms;
    for (const one of waiting.filter(({ at }) => at <= clock.now)) {
      waiting.splice(waiting.indexOf(one), 1);
      one.run();
    }
  };
  return { traces, told, pass };
}

describe('Traces', () => {
  it('draws ids as the header has them', () => {
    const traced = new Traces().request('Feed');
    expect(traced.header).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(traced.header.slice(3, 35)).toBe(traced.trace);
  });

  it('gives each request a span of its own in one trace, until something else is done or time has passed', () => {
    const { traces, pass } = watched();
    const [one, two] = [traces.request('Feed'), traces.request('Viewer')];
    expect(two.trace).toBe(one.trace);
    expect(two.header).not.toBe(one.header);
    traces.begin('click');
    const three = traces.request('Feed');
    expect(three.trace).not.toBe(one.trace);
    pass(29_999);
    expect(traces.request('Feed').trace).toBe(three.trace);
    pass(1);
    expect(traces.request('Feed').trace).not.toBe(three.trace);
  });

  it('tells what was done, and what it led to, once all of it has ended where an answer said that it is kept', () => {
    const { traces, told, pass } = watched();
    pass(100);
    traces.begin('click');
    pass(20);
    const [one, two] = [traces.request('Feed'), traces.request('Viewer')];
    pass(30);
    one.ended(200, 'ticket');
    pass(1_000);
    expect(told).toEqual([]);
    two.ended(0, null);
    pass(1_000);
    expect(told).toEqual([
      {
        trace: one.trace,
        ticket: 'ticket',
        id: '0000000000000002',
        deed: 'click',
        again: false,
        ago: 2_050,
        took: 1_050,
        requests: [
          { id: one.header.slice(36, 52), operation: 'Feed', ago: 2_030, took: 30, status: 200 },
          { id: two.header.slice(36, 52), operation: 'Viewer', ago: 2_030, took: 1_030, status: 0 },
        ],
        streams: [],
      },
    ]);
    const after = traces.request('Feed');
    expect(after.trace).not.toBe(one.trace);
    after.ended(200, 'other');
    pass(1_000);
    expect(told.map(({ deed }) => deed)).toEqual(['click', 'later']);
  });

  it('tells nothing of what is not kept', () => {
    const { traces, told, pass } = watched();
    traces.request('Feed').ended(200, null);
    pass(60_000);
    expect(told).toEqual([]);
  });

  it('waits for no stream, and tells of each once it has ended', () => {
    const { traces, told, pass } = watched();
    const [one, two] = [traces.stream('News'), traces.stream('Calls')];
    const request = traces.request('Feed');
    expect(one.header.slice(0, 35)).toBe(request.header.slice(0, 35));
    request.ended(200, 'ticket');
    two.ended('error');
    pass(1_000);
    pass(3_600_000);
    one.ended('lost');
    one.ended('left');
    pass(1_000);
    const stream = (traced: typeof one) => traced.header.slice(36, 52);
    expect(told.map(({ deed, again, requests, streams }) => [deed, again, requests.length, streams])).toEqual([
      ['load', false, 1, [{ id: stream(two), operation: 'Calls', ago: 1_000, took: 0, end: 'error' }]],
      ['load', true, 0, [{ id: stream(one), operation: 'News', ago: 3_602_000, took: 3_601_000, end: 'lost' }]],
    ]);
    expect(new Set(told.map(({ trace, id }) => `${trace} ${id}`)).size).toBe(1);
  });

  it('tells of what is open when the page goes, where what led to it is kept', () => {
    const { traces, told, pass } = watched();
    traces.stream('News');
    traces.request('Feed').ended(200, 'ticket');
    pass(1_000);
    traces.begin('click');
    traces.stream('Others');
    traces.request('Feed').ended(200, null);
    traces.leave();
    pass(60_000);
    expect(told.map(({ again, streams }) => [again, streams.map(({ operation, end }) => `${operation} ${end}`)])).toEqual([
      [false, []],
      [true, ['News left']],
    ]);
  });

  it('tells no more than the server takes', () => {
    const { traces, told, pass } = watched();
    for (let number = 0; number < 60; number++) traces.request('Feed').ended(200, 'ticket');
    pass(1_000);
    expect(told.map(({ requests }) => requests.length)).toEqual([50]);
  });
});
