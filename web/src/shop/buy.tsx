import { useState } from 'react';
import { client } from '../graphql/api';
import { AddToCart, type ProductPageResult } from '../graphql/generated';
import { plural } from '../format';
import { told, useAction } from '../hooks';
import { Link, paths, signInFrom, useRouter } from '../router';
import { Amount } from '../ui/amount';
import { Problem } from '../ui/notice';
import { useViewer } from '../viewer';

interface Props {
  product: NonNullable<ProductPageResult['product']>;
  /** There are fewer than shown. */
  onStale: () => void;
}

export function Buy({ product, onStale }: Props) {
  const { signedIn, cartHolds } = useViewer();
  const { path, search } = useRouter();
  const [quantity, setQuantity] = useState(1);
  const [held, setHeld] = useState<number | null>(null);
  const add = useAction(async () => {
    setHeld(null);
    const { cart, userErrors } = (await client.request(AddToCart, { productId: product.id, quantity })).addToCart;
    if (cart !== null) {
      cartHolds(cart.itemCount);
      setHeld(cart.lines.find((line) => line.product?.id === product.id)?.quantity ?? quantity);
      setQuantity(1);
    }
    if (userErrors.some(({ code }) => code === 'OUT_OF_STOCK')) onStale();
    return told(userErrors);
  });
  if (!signedIn) {
    return (
      <Link to={signInFrom(path, search)} className="button">
        Sign in to buy it
      </Link>
    );
  }
  return (
    <div className="buy">
      {product.inStock && (
        <>
          <Amount of={product.name} value={quantity} onChange={setQuantity} />
          <button type="button" className="button button-main" aria-disabled={add.busy} onClick={() => void add.run()}>
            Add to cart
          </button>
        </>
      )}
      <Problem text={add.problem} />
      <p role="status">
        {held !== null && (
          <>
            {plural(held, 'piece')} of it in <Link to={paths.cart}>your cart</Link>
          </>
        )}
      </p>
    </div>
  );
}
