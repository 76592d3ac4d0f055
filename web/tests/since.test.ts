import { expect, it } from 'vitest';
import { arranged, having, unique, without } from '../src/items';
import { Since } from '../src/since';

const item = (id: string, text = id) => ({ id, text });
type Item = ReturnType<typeof item>;

it('makes again on an answer what was changed while it was on its way', () => {
  const since = new Since<Item[]>();
  since.asked();
  since.changed(having(item('new'), 'first'));
  since.changed(without('old'));
  expect(since.answered()([item('old'), item('other')])).toEqual([item('new'), item('other')]);
});

it('leaves an answer as it is that knows of the changes already', () => {
  const since = new Since<Item[]>();
  since.asked();
  since.changed(having(item('new'), 'first'));
  since.changed(without('old'));
  expect(since.answered()([item('other'), item('new')])).toEqual([item('other'), item('new')]);
});

it('makes nothing again of what was changed before it was asked, and nothing twice', () => {
  const since = new Since<number>();
  const more = (value: number) => value + 1;
  since.changed(more);
  since.asked();
  expect(since.answered()(0)).toBe(0);
  since.changed(more);
  expect(since.answered()(0)).toBe(0);
});

it('holds each item once, as it was told last', () => {
  expect(unique([item('a'), item('b'), item('a', 'again')])).toEqual([item('a', 'again'), item('b')]);
  expect(having(item('a', 'again'), 'last')([item('a'), item('b')])).toEqual([item('a', 'again'), item('b')]);
  expect(having(item('c'), 'last')([item('a')])).toEqual([item('a'), item('c')]);
});

it('puts what came after an order was chosen behind it', () => {
  expect(arranged([item('b'), item('a')])([item('a'), item('b'), item('c')])).toEqual([item('b'), item('a'), item('c')]);
});
