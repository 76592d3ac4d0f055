import '../styles/post.css';
import '../styles/product.css';
import { ProductPage, type ProductPageResult } from '../graphql/generated';
import { money } from '../format';
import { useQuery, useTitle } from '../hooks';
import { Waiting } from '../posts/feed';
import { PostCard } from '../posts/post_card';
import { Buy } from '../shop/buy';
import { Failed } from '../ui/notice';
import { Avatar, PersonName } from '../ui/person';
import { Picture, ratioOf } from '../ui/picture';
import { ProductLine } from '../ui/product';
import Missing from './missing';

export default function Product({ slug = '' }: { slug?: string }) {
  const { data, failure, loading, reload } = useQuery(ProductPage, { slug });
  const product = data?.product ?? null;
  useTitle(product?.name ?? '');
  if (failure !== undefined) return <Failed failure={failure} retry={reload} />;
  if (loading) return <Waiting />;
  if (product === null) return <Missing />;
  const related = product.related.filter((other) => other !== null);
  const mentions = product.mentions.edges.flatMap(({ node }) => (node === null ? [] : [node]));
  return (
    <div className="page">
      <Sheet product={product} onStale={reload} />
      {related.length > 0 && (
        <section className="card product-related">
          <h2>Goes well with it</h2>
          <ul className="plain">
            {related.map((other) => (
              <li key={other.id}>
                <ProductLine product={other} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {mentions.length > 0 && (
        <section className="narrow">
          <h2>Mentioned by</h2>
          <div className="feed">
            {mentions.map((post) => (
              <PostCard key={post.id} post={post} onChange={reload} onDeleted={reload} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}

function stock({ inStock, available }: { inStock: boolean; available: number }): string {
  if (!inStock) return 'Sold out';
  return available <= 5 ? `Only ${available} left` : 'In stock';
}

interface SheetProps {
  product: NonNullable<ProductPageResult['product']>;
  onStale: () => void;
}

function Sheet({ product, onStale }: SheetProps) {
  const pictures = product.media.filter((media) => media !== null);
  return (
    <article className="sheet card">
      <div className="sheet-pictures">
        {pictures.map((media) => (
          <div key={media.id} style={{ aspectRatio: String(ratioOf(media)) }}>
            <Picture media={media} sizes="(min-width: 800px) 460px, 100vw" label={product.name} />
          </div>
        ))}
      </div>
      <div className="sheet-text">
        <h1>{product.name}</h1>
        <p className="sheet-price">{money(product.price)}</p>
        <p className="quiet">{stock(product)}</p>
        <Buy product={product} onStale={onStale} />
        {product.description !== null && <p className="body">{product.description}</p>}
        {product.store !== null && (
          <p className="sheet-store">
            <Avatar person={product.store.owner} size="s" />
            <span>
              {product.store.name}, by <PersonName person={product.store.owner} />
            </span>
          </p>
        )}
      </div>
    </article>
  );
}
