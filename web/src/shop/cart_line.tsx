import { useLayoutEffect, useRef, useState } from 'react';
import { client } from '../graphql/api';
import { RemoveFromCart, UpdateCartLine, type CartParts } from '../graphql/generated';
import { money } from '../format';
import { told, useAction } from '../hooks';
import { Link, paths } from '../router';
import { Amount } from '../ui/amount';
import { Icon } from '../ui/icon';
import { Problem } from '../ui/notice';
import { Picture } from '../ui/picture';
import { lackOf } from './news';
import { inTurn } from './use_cart';

type Line = CartParts['lines'][number];

interface Props {
  line: Line;
  onChange: (cart: CartParts) => void;
  onRemoved: (cart: CartParts, name: string) => void;
  /** What is shown is not what there is: ask anew. */
  onStale: () => void;
}

const STALE = new Set(['OUT_OF_STOCK', 'NOT_FOUND']);

/** How many of a line are wanted: shown at once, sent one change at a time, the last one wins. */
function useQuantity(line: Line, onChange: Props['onChange'], onStale: Props['onStale']) {
  const [wanted, setWanted] = useState(line.quantity);
  const target = useRef(line.quantity);
  const held = useRef(line.quantity);
  const set = useAction(async () => {
    while (target.current !== held.current) {
      const quantity = target.current;
      const { cart, userErrors } = await inTurn(async () => {
        return (await client.request(UpdateCartLine, { lineId: line.id, quantity })).updateCartLine;
      });
      if (cart === null) {
        target.current = held.current;
        setWanted(held.current);
        if (userErrors.some(({ code }) => STALE.has(code))) onStale();
        return told(userErrors);
      }
      held.current = quantity;
      onChange(cart);
    }
    return null;
  });
  // Before anything is pressed again: later, it would take back what was.
  useLayoutEffect(() => {
    // Changed elsewhere, or a failure of the network: what the graph says stands.
    if (set.busy) return;
    held.current = target.current = line.quantity;
    setWanted(line.quantity);
  }, [line.quantity, set.busy]);
  const want = (quantity: number) => {
    target.current = quantity;
    setWanted(quantity);
    void set.run();
  };
  return { wanted, want, problem: set.problem };
}

export function CartLine({ line, onChange, onRemoved, onStale }: Props) {
  const { wanted, want, problem } = useQuantity(line, onChange, onStale);
  const name = line.product?.name ?? 'This product';
  const remove = useAction(async () => {
    const { cart, userErrors } = await inTurn(async () => {
      return (await client.request(RemoveFromCart, { lineId: line.id })).removeFromCart;
    });
    if (cart !== null) onRemoved(cart, name);
    else if (userErrors.some(({ code }) => STALE.has(code))) onStale();
    return told(userErrors);
  });
  const lack = lackOf(line);
  const picture = line.product?.media.find((media) => media !== null);
  return (
    <li className="cart-line" aria-busy={wanted !== line.quantity}>
      <span className="product-thumb">
        {picture === undefined ? <Icon name="tag" /> : <Picture media={picture} sizes="56px" label="" />}
      </span>
      <div className="cart-what">
        <h2>{line.product === null ? name : <Link to={paths.product(line.product.slug)}>{name}</Link>}</h2>
        {line.unitPrice !== null && <p className="quiet">{money(line.unitPrice)} each</p>}
        {lack !== null && <p className="problem">{lack}</p>}
        <Problem text={problem ?? remove.problem} />
      </div>
      {line.product !== null && <Amount of={name} value={wanted} onChange={want} />}
      <p className="cart-sum">{line.lineTotal !== null && money(line.lineTotal)}</p>
      <button type="button" className="icon-button" aria-label={`Remove ${name}`} disabled={remove.busy} onClick={() => void remove.run()}>
        <Icon name="trash" />
      </button>
    </li>
  );
}
