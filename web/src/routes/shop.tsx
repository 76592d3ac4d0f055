import '../styles/shop.css';
import { Products, type ProductsResult } from '../graphql/generated';
import { money } from '../format';
import { useConnection, useTitle } from '../hooks';
import { Waiting } from '../posts/feed';
import { Link, paths } from '../router';
import { Icon } from '../ui/icon';
import { Failed, More } from '../ui/notice';
import { Picture } from '../ui/picture';
import { useViewer } from '../viewer';

type Sold = NonNullable<ProductsResult['products']['edges'][number]['node']>;

const pick = ({ products }: ProductsResult) => products;

export default function Shop() {
  const products = useConnection(Products, {}, pick, { first: 24 });
  const { signedIn } = useViewer();
  useTitle('Shop');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Shop</h1>
        {signedIn && (
          <Link to={paths.sell} className="button">
            Your store
          </Link>
        )}
      </header>
      {products.failure !== undefined && <Failed failure={products.failure} retry={products.reload} />}
      {products.loading && products.items.length === 0 && <Waiting />}
      {!products.loading && products.failure === undefined && products.items.length === 0 && (
        <p className="empty">Nothing is for sale yet.</p>
      )}
      <ul className="wares" aria-label="For sale">
        {products.items.map((product) => (
          <li key={product.id} className="card">
            <Ware product={product} />
          </li>
        ))}
      </ul>
      <More hasMore={products.hasMore} loading={products.loading} loadMore={products.loadMore} />
    </div>
  );
}

/** What its seller has not published the graph shows to themselves alone. */
function Ware({ product }: { product: Sold }) {
  const picture = product.media.find((media) => media !== null);
  return (
    <Link to={paths.product(product.slug)} className="ware">
      <span className="ware-picture">
        {picture === undefined ? <Icon name="tag" size={32} /> : <Picture media={picture} sizes="(min-width: 640px) 220px, 50vw" label="" />}
      </span>
      <span className="product-name">{product.name}</span>
      <span className="product-price">
        {money(product.price)}
        {!product.inStock && <span className="quiet"> · sold out</span>}
        {!product.published && <span className="quiet"> · not published, seen by you alone</span>}
      </span>
    </Link>
  );
}
