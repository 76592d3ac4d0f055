// Changes of a list whose items have names. Each may be made again on a list that has it already.
interface Named {
  readonly id: string;
}

/** Each once, where it stood first, as it was told last. */
export const unique = <Item extends Named>(items: readonly Item[]): Item[] => [...new Map(items.map((item) => [item.id, item])).values()];

/** The item in the place of its older self; a new one on top, or at the end of a list whose oldest are first. */
export function having<Item extends Named>(item: Item, newest: 'first' | 'last') {
  return (items: Item[]): Item[] => {
    if (items.some(({ id }) => id === item.id)) return items.map((other) => (other.id === item.id ? item : other));
    return newest === 'first' ? [item, ...items] : [...items, item];
  };
}

export function without<Item extends Named>(id: string) {
  return (items: Item[]): Item[] => items.filter((item) => item.id !== id);
}

/** The order of `wanted`; what is not in it stays behind those that are. */
export function arranged<Item extends Named>(wanted: readonly Item[]) {
  return (items: Item[]): Item[] => unique([...wanted, ...items]);
}
