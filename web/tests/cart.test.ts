import { expect, it } from 'vitest';
import type { CartParts } from '../src/graphql/generated';
import { lackOf, newsOf, totalsOf } from '../src/shop/news';

type Line = CartParts['lines'][number];

const euros = (amount: number) => ({ amount, currency: 'EUR' });

function line(id: string, price: number, quantity = 1, available = 9): Line {
  const product = { id, slug: id, name: id, price: euros(price), inStock: available > 0, media: [], available };
  return { id, quantity, unitPrice: euros(price), lineTotal: euros(price * quantity), product };
}

const gone = (known: Line): Line => ({ ...known, product: null, unitPrice: null, lineTotal: null });
const cart = (...lines: Line[]): CartParts => ({ id: 'cart', itemCount: lines.length, total: null, lines });

it('tells of prices that are others and of what is no longer sold, and not of what the reader changed', () => {
  const before = cart(line('Vase', 7800), line('Mug', 2600), line('Bowl', 3400));
  expect(newsOf(before, cart(line('Vase', 8000), gone(line('Mug', 2600)), line('Bowl', 3400, 5), line('Plate', 1)))).toEqual([
    'Vase costs €80.00 now, not €78.00.',
    'Mug is no longer for sale.',
  ]);
  expect(newsOf(before, cart(line('Bowl', 3400)))).toEqual([]);
});

it('adds up each currency by itself, without what cannot be had', () => {
  const yen = { ...line('Tea', 0), lineTotal: { amount: 1200, currency: 'JPY' } };
  expect(totalsOf([line('Vase', 7800, 2), gone(line('Mug', 2600)), yen, line('Bowl', 3400)])).toEqual([
    euros(19_000),
    { amount: 1200, currency: 'JPY' },
  ]);
});

it.each([
  [line('Vase', 1, 2, 2), null],
  [line('Vase', 1, 3, 2), 'Only 2 left'],
  [line('Vase', 1, 1, 0), 'Sold out'],
  [gone(line('Vase', 1)), 'No longer for sale'],
])('says why a line cannot be had', (known, said) => {
  expect(lackOf(known)).toBe(said);
});
