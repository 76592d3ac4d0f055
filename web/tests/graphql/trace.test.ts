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
        ago: 2_050,
        took: 1_050,
        requests: [
          { id: one.header.slice(36, 52), operation: 'Feed', ago: 2_030, took: 30, status: 200 },
          { id: two.header.slice(36, 52), operation: 'Viewer', ago: 2_030, took: 1_030, status: 0 },
        ],
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

  it('hangs a stream on what was done, and waits for none', () => {
    const { traces, told, pass } = watched();
    const stream = traces.stream();
    const request = traces.request('Feed');
    request.ended(200, 'ticket');
    pass(1_000);
    expect(told.map(({ trace, id }) => `00-${trace}-${id}-00`)).toEqual([stream]);
    expect(told[0]?.deed).toBe('load');
  });

  it('tells no more than the server takes', () => {
    const { traces, told, pass } = watched();
    for (let number = 0; number < 60; number++) traces.request('Feed').ended(200, 'ticket');
    pass(1_000);
    expect(told.map(({ requests }) => requests.length)).toEqual([50]);
  });
});
