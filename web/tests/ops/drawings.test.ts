import { expect, it } from 'vitest';
import type { HeatParts, SlowParts } from '../../src/ops/generated';
import { summary } from '../../src/ops/heat';
import { placed, told } from '../../src/ops/plan';

type Step = SlowParts['steps'][number];

const step = (number: number, subgraph: string, depth: number, after: number[], more: Partial<Step> = {}): Step => ({
  number, subgraph, depth, after, path: '', condition: '', began: 0.001, seconds: 0.012, representations: 0, requests: 1, outcome: 'success', resolvers: [], ...more,
});

const STEPS = [
  step(0, 'content', 0, []),
  step(1, 'user', 1, [0], { path: 'feed.@.author', representations: 7 }),
  step(2, 'media', 1, [0], { path: 'feed.@.media', requests: 0, began: null, seconds: null, outcome: '' }),
  step(3, 'shop', 2, [1, 2], { outcome: 'unavailable' }),
];

it('puts a fetch right of those it waits for, and below those beside it', () => {
  const places = placed(STEPS).map(({ x, y }) => [x, y]);
  const [column, row] = [places[1]?.[0] ?? 0, places[2]?.[1] ?? 0];
  expect(places).toEqual([[0, 0], [column, 0], [column, row], [2 * column, 0]]);
  expect(Math.min(column, row)).toBeGreaterThan(0);
});

it('says what the drawing shows', () => {
  expect(STEPS.map((one) => told(one, STEPS))).toEqual([
    'content for root fields: 12 ms from 1 ms on',
    'user for feed.@.author after content: 12 ms from 1 ms on, 7 entities',
    'media for feed.@.media after content: not asked',
    'shop for root fields after user, media: 12 ms from 1 ms on, unavailable',
  ]);
});

it('sums up the grid for who does not see it', () => {
  const heat = (columns: number[][]): HeatParts => ({ bounds: [0.001, 0.01], columns, columnSeconds: 10 });
  const empty = Array.from({ length: 58 }, () => []);
  expect(summary(heat([...empty, [], []]))).toBe('Nothing in 10 minutes');
  expect(summary(heat([...empty, [1, 2, 0], [3, 0, 0]]))).toBe('6 executions in 10 minutes, the longest up to 10 ms');
  expect(summary(heat([...empty, [0, 0, 1], []]))).toBe('1 executions in 10 minutes, the longest above 10 ms');
});
