import { expect, it } from 'vitest';
import { ago, bytes, lasting, money, plural } from '../src/format';

const NOW = Date.parse('2026-03-10T12:00:00Z');

it.each([
  ['2026-03-10T11:59:30Z', 'just now'],
  ['2026-03-10T12:00:05Z', 'just now'],
  ['2026-03-10T11:48:00Z', '12m ago'],
  ['2026-03-10T09:00:00Z', '3h ago'],
  ['2026-02-01T09:00:00Z', 'Feb 1, 2026'],
])('says %s as %s', (iso, said) => {
  expect(ago(iso, NOW)).toBe(said);
});

it('writes money by the currency’s own minor units', () => {
  expect([
    money({ amount: 1999, currency: 'EUR' }),
    money({ amount: 1999, currency: 'JPY' }),
    money({ amount: 5, currency: 'USD' }),
  ]).toEqual(['€19.99', '¥1,999', '$0.05']);
});

it('writes money by ISO 4217 where everyday writing leaves the minor units out, and to the last of them', () => {
  expect([
    money({ amount: 1999, currency: 'HUF' }),
    money({ amount: 1999, currency: 'IQD' }),
    money({ amount: 7, currency: 'KWD' }),
    money({ amount: 2 ** 53 - 1, currency: 'EUR' }),
  ]).toEqual(['HUF\u00a019.99', 'IQD\u00a01.999', 'KWD\u00a00.007', '€90,071,992,547,409.91']);
});

it('writes sizes and counts shortly', () => {
  expect([bytes(999), bytes(12_345), bytes(3_456_789)]).toEqual(['999 B', '12 kB', '3.5 MB']);
  expect([plural(1, 'follower'), plural(12_300, 'follower')]).toEqual(['1 follower', '12K followers']);
});

it.each([
  [0.4, '0:00'],
  [12.04, '0:12'],
  [59.6, '1:00'],
  [3723, '1:02:03'],
])('writes %s seconds as %s', (seconds, shown) => {
  expect(lasting(seconds)).toBe(shown);
});
