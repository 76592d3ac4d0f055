import '../styles/cart.css';
import { useEffect, useRef, useState } from 'react';
import { money, plural } from '../format';
import { useTitle } from '../hooks';
import { Waiting } from '../posts/feed';
import { Link, paths } from '../router';
import { CartLine } from '../shop/cart_line';
import { totalsOf } from '../shop/news';
import { useCart } from '../shop/use_cart';
import { Failed } from '../ui/notice';
import { useViewer } from '../viewer';
import Missing from './missing';

export default function Cart() {
  const { signedIn } = useViewer();
  return signedIn ? <OwnCart /> : <Missing hint="Your cart is here once you are signed in." />;
}

function OwnCart() {
  const { cart, failure, loading, reload, put, news } = useCart();
  const [removed, setRemoved] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle('Cart');
  useEffect(() => {
    // The button that was pressed is gone with its line.
    if (removed !== null) heading.current?.focus();
  }, [removed]);
  if (failure !== undefined) return <Failed failure={failure} retry={reload} />;
  if (loading && cart === null) return <Waiting />;
  const lines = cart?.lines ?? [];
  const totals = totalsOf(lines).map(money);
  return (
    <div className="page">
      <h1 ref={heading} tabIndex={-1}>
        Cart
      </h1>
      <div className="cart-news" role="status">
        {news.map((words) => (
          <p key={words}>{words}</p>
        ))}
        {removed !== null && <p>{removed} is out of your cart.</p>}
      </div>
      {lines.length === 0 ? (
        <p className="empty">
          Your cart is empty. <Link to={paths.shop}>Look around the shop</Link>
        </p>
      ) : (
        <section className="card cart" aria-label="What you mean to buy">
          <ul>
            {lines.map((line) => (
              <CartLine
                key={line.id}
                line={line}
                onChange={put}
                onRemoved={(changed, name) => {
                  put(changed);
                  setRemoved(name);
                }}
                onStale={reload}
              />
            ))}
          </ul>
          <footer className="cart-total">
            <span>{plural(cart?.itemCount ?? 0, 'thing')}</span>
            <strong role="status" aria-label="Total">
              {totals.join(' + ')}
            </strong>
          </footer>
          <p className="quiet cart-note">Prices are today’s. A cart sets nothing aside.</p>
        </section>
      )}
    </div>
  );
}
