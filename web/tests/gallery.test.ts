import { expect, it } from 'vitest';
import { follows, moved } from '../src/gallery/order';
import { VIEWS, viewOf } from '../src/gallery/views';

const items = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
const ids = (list: Array<{ id: string }>) => list.map(({ id }) => id).join('');

it.each([
  [0, 1, 'bacd', 'b'],
  [3, 0, 'dabc', null],
  [2, 1, 'acbd', 'a'],
  [1, 3, 'acdb', 'd'],
])('puts number %i at %i: %s, behind %s', (from, to, order, after) => {
  const next = moved(items, from, to);
  expect(ids(next)).toBe(order);
  expect(follows(next, to)).toBe(after);
});

it('shows those who are not signed in what everyone sees, whatever the address says', () => {
  for (const search of Object.values(VIEWS)) expect(viewOf(search, false)).toBe('everyone');
  expect(viewOf(VIEWS.trash, true)).toBe('trash');
  expect(viewOf('?show=else', true)).toBe('everyone');
});
