import { expect, it } from 'vitest';
import { Kept } from '../src/kept';

it('gives the lists and the place of an entry that is come back to', () => {
  const kept = new Kept();
  kept.show('Feed', ['a', 'b']);
  kept.leave('1', 400);
  kept.arrive('1');
  expect(kept.list('Feed')).toEqual(['a', 'b']);
  expect(kept.settle()).toBe(400);
});

it('gives nothing to what is made once the page has settled', () => {
  const kept = new Kept();
  kept.show('Feed', ['a']);
  kept.leave('1', 400);
  kept.arrive('1');
  kept.settle();
  expect(kept.list('Feed')).toBeUndefined();
  expect(kept.settle()).toBeNull();
});

it('begins a new entry with nothing', () => {
  const kept = new Kept();
  kept.show('Feed', ['a']);
  kept.leave('1', 400);
  kept.arrive(null);
  expect(kept.list('Feed')).toBeUndefined();
});

it('keeps what a list holds last, and nothing of one that is gone', () => {
  const kept = new Kept();
  kept.show('Feed', ['a'])();
  kept.show('Comments', ['c']);
  kept.show('Comments', ['c', 'd']);
  kept.leave('1', 0);
  kept.arrive('1');
  expect(kept.list('Feed')).toBeUndefined();
  expect(kept.list('Comments')).toEqual(['c', 'd']);
});

it('forgets the entry that was left longest ago when there are many', () => {
  const kept = new Kept();
  for (let entry = 0; entry <= 20; entry += 1) kept.leave(String(entry), entry);
  kept.arrive('0');
  expect(kept.settle()).toBeNull();
  kept.arrive('1');
  expect(kept.settle()).toBe(1);
});
