import { expect, it } from 'vitest';
import { decimalOf } from '../src/format';
import { currencies, priceOf } from '../src/selling/price';

it.each([
  ['12.34', 'EUR', 1234],
  ['12,3', 'EUR', 1230],
  [' 12 ', 'EUR', 1200],
  ['0.07', 'USD', 7],
  ['1200', 'JPY', 1200],
  ['1.234', 'KWD', 1234],
  ['0.29', 'EUR', 29],
  ['90071992547409.91', 'EUR', Number.MAX_SAFE_INTEGER],
])('reads %j %s as %i of the smallest unit, and back', (written, currency, amount) => {
  expect(priceOf(written, currency)).toEqual({ price: { amount, currency } });
  expect(priceOf(decimalOf({ amount, currency }), currency)).toEqual({ price: { amount, currency } });
});

it.each([
  ['', 'EUR', 'in digits'],
  ['-1', 'EUR', 'in digits'],
  ['1,234.50', 'EUR', 'in digits'],
  ['12.345', 'EUR', 'at most 2 digits'],
  ['1.5', 'JPY', 'nothing behind the point'],
  ['90071992547409.92', 'EUR', 'more than a price can be'],
])('says of %j %s what is wrong with it', (written, currency, said) => {
  const priced = priceOf(written, currency);
  expect('problem' in priced && priced.problem).toContain(said);
});

it('offers the currencies that the browser knows, and one that it does not know where a product has it', () => {
  const codes = currencies('ZZZ').map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['EUR', 'JPY', 'KWD', 'ZZZ']));
});
