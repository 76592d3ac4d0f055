import { useEffect, useRef, useState } from 'react';
import { client } from '../graphql/api';
import { OwnProducts as OwnProductsQuery, UpdateProduct, type OwnProductParts, type OwnProductsResult } from '../graphql/generated';
import { told, useAction, useConnection } from '../hooks';
import { Waiting } from '../posts/feed';
import { Icon } from '../ui/icon';
import { Failed, More, Problem } from '../ui/notice';
import { ProductLine } from '../ui/product';
import { ProductForm } from './product_form';

const pick = ({ viewer }: OwnProductsResult) => viewer?.store?.products;
const NEW = 'new';

/** What somebody sells, and what they have not published. */
export function OwnProducts() {
  const products = useConnection(OwnProductsQuery, {}, pick, { first: 24, fresh: true });
  const [writing, setWriting] = useState<string | null>(null);
  const [news, setNews] = useState('');
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // Back from a form, whose buttons are gone.
    if (news !== '' && document.activeElement === document.body) line.current?.focus();
  }, [news]);
  const saved = (product: OwnProductParts) => {
    products.put(product);
    setWriting(null);
    setNews(`${product.name} is saved${product.published ? '' : ', and not published'}.`);
  };
  return (
    <section aria-label="Your products">
      <button type="button" className="button button-main" aria-expanded={writing === NEW} onClick={() => setWriting(writing === NEW ? null : NEW)}>
        <Icon name="plus" size={18} /> New product
      </button>
      <p ref={line} role="status" tabIndex={-1}>
        {news}
      </p>
      {writing === NEW && <ProductForm product={null} onSaved={saved} onCancel={() => setWriting(null)} />}
      {products.failure !== undefined && <Failed failure={products.failure} retry={products.reload} />}
      {products.loading && products.items.length === 0 && <Waiting />}
      {!products.loading && products.failure === undefined && products.items.length === 0 && (
        <p className="empty">No products yet. A new one is shown to nobody until you publish it.</p>
      )}
      <ul className="own-products" aria-label="Products">
        {products.items.map((product) => (
          <li key={product.id} className="card">
            {writing === product.id ? (
              <ProductForm product={product} onSaved={saved} onCancel={() => setWriting(null)} />
            ) : (
              <OwnProduct product={product} onEdit={() => setWriting(product.id)} onChange={products.put} />
            )}
          </li>
        ))}
      </ul>
      <More hasMore={products.hasMore} loading={products.loading} loadMore={products.loadMore} />
    </section>
  );
}

interface Props {
  product: OwnProductParts;
  onEdit: () => void;
  onChange: (product: OwnProductParts) => void;
}

function OwnProduct({ product, onEdit, onChange }: Props) {
  const publish = useAction(async () => {
    const input = { id: product.id, published: !product.published };
    const { product: changed, userErrors } = (await client.request(UpdateProduct, { input })).updateProduct;
    if (changed !== null) onChange(changed);
    return told(userErrors);
  });
  return (
    <div className="own-product">
      <ProductLine product={product} />
      <p className="quiet" role="status">
        {product.published ? 'Published' : 'Not published'} · {product.available} in stock
      </p>
      <p className="sell-acts">
        <button type="button" className="button" aria-label={`Edit ${product.name}`} onClick={onEdit}>
          <Icon name="pen" size={18} /> Edit
        </button>
        <button
          type="button"
          className="button"
          aria-label={`${product.published ? 'Unpublish' : 'Publish'} ${product.name}`}
          aria-disabled={publish.busy}
          onClick={() => void publish.run()}
        >
          {product.published ? 'Unpublish' : 'Publish'}
        </button>
      </p>
      <Problem text={publish.problem} />
    </div>
  );
}
