import type { CartParts } from '../graphql/generated';
import { money, type Sum } from '../format';

type Line = CartParts['lines'][number];

const same = (one: Sum | null, other: Sum | null) => one?.amount === other?.amount && one?.currency === other?.currency;

/** What is otherwise than it was shown, apart from what the reader did: prices, and what is no longer sold. */
export function newsOf(before: CartParts, after: CartParts): string[] {
  const shown = new Map(before.lines.map((line) => [line.id, line]));
  return after.lines.flatMap((line) => {
    const old = shown.get(line.id);
    if (old?.product == null) return [];
    if (line.product === null) return [`${old.product.name} is no longer for sale.`];
    if (same(old.unitPrice, line.unitPrice) || old.unitPrice === null || line.unitPrice === null) return [];
    return [`${line.product.name} costs ${money(line.unitPrice)} now, not ${money(old.unitPrice)}.`];
  });
}

/** The cart's worth: one sum for each currency, of what can still be had. */
export function totalsOf(lines: ReadonlyArray<Pick<Line, 'lineTotal'>>): Sum[] {
  const sums = new Map<string, number>();
  for (const { lineTotal } of lines) {
    if (lineTotal !== null) sums.set(lineTotal.currency, (sums.get(lineTotal.currency) ?? 0) + lineTotal.amount);
  }
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}

/** Why a line cannot be had as it stands; null where it can. */
export function lackOf(line: Line): string | null {
  if (line.product === null) return 'No longer for sale';
  if (line.product.available === 0) return 'Sold out';
  return line.product.available < line.quantity ? `Only ${line.product.available} left` : null;
}
