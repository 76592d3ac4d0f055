import { useCallback, useEffect, useRef, useState } from 'react';
import { OwnCart, type CartParts } from '../graphql/generated';
import { useQuery } from '../hooks';
import { useViewer } from '../viewer';
import { newsOf } from './news';

let last: Promise<unknown> = Promise.resolve();

/** One change of the cart after the other: each answers with the whole cart, and the last answer is the newest. */
export function inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
  const made = last.then(change);
  last = made.catch(() => undefined);
  return made;
}

/** The viewer's cart: null before there was ever anything in it. */
export function useCart() {
  const { signedIn, cartHolds } = useViewer();
  const { data, failure, loading, reload, update } = useQuery(OwnCart, {}, !signedIn, true);
  const cart = data?.viewer?.cart ?? null;
  const shown = useRef<CartParts | null>(null);
  const [news, setNews] = useState<string[]>([]);

  useEffect(() => {
    const before = shown.current;
    shown.current = cart;
    if (cart === null) return;
    cartHolds(cart.itemCount);
    // What was said stays until there is other news: several changes may come of one deed.
    const told = before === null ? [] : newsOf(before, cart);
    if (told.length > 0) setNews(told);
  }, [cart, cartHolds]);

  const put = useCallback(
    (changed: CartParts) => update(({ viewer }) => ({ viewer: viewer === null ? null : { ...viewer, cart: changed } })),
    [update],
  );
  return { cart, failure, loading, reload, put, news };
}
