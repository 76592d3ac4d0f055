import { decimals, type Sum } from '../format';

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

export type Price = { price: Sum } | { problem: string };

/** A price as people write it, with a point or a comma; in minor units, and never rounded. */
export function priceOf(written: string, currency: string): Price {
  const found = /^(\d+)(?:[.,](\d+))?$/.exec(written.trim());
  if (found === null) return { problem: 'Write the price in digits, such as 12.50, without separators between thousands.' };
  const [, whole = '', part = ''] = found;
  const digits = decimals(currency);
  if (part.length > digits) {
    return { problem: digits === 0 ? `${currency} has nothing behind the point.` : `${currency} has at most ${digits} digits behind the point.` };
  }
  const amount = BigInt(whole + part.padEnd(digits, '0'));
  return amount > LARGEST ? { problem: 'That is more than a price can be.' } : { price: { amount: Number(amount), currency } };
}

const names = new Intl.DisplayNames('en', { type: 'currency' });

export interface Currency {
  readonly code: string;
  readonly name: string;
}

/** All that the browser knows, by their codes; and `known`, whatever it is. */
export function currencies(known: string): Currency[] {
  const codes = new Set([...Intl.supportedValuesOf('currency'), known]);
  return [...codes].sort().map((code) => ({ code, name: names.of(code) ?? code }));
}
