type Named = { readonly id: string };

/** The list with the item at `from` put at `to`. */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...items.slice(from, from + 1), ...rest.slice(to)];
}

/** What the item at `at` follows, in the graph's words: null for the first. */
export const follows = (items: readonly Named[], at: number): string | null => items[at - 1]?.id ?? null;
