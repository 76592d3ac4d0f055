import type { ProductParts } from '../graphql/generated';
import { money } from '../format';
import { Link, paths } from '../router';
import { Icon } from './icon';
import { Picture } from './picture';

/** A product in one line: picture, name, price. */
export function ProductLine({ product }: { product: ProductParts }) {
  const picture = product.media.find((media) => media !== null);
  return (
    <Link to={paths.product(product.slug)} className="product-line">
      <span className="product-thumb">
        {picture === undefined ? <Icon name="tag" /> : <Picture media={picture} sizes="56px" label="" />}
      </span>
      <span className="product-name">{product.name}</span>
      <span className="product-price">
        {money(product.price)}
        {!product.inStock && <span className="quiet"> · sold out</span>}
      </span>
    </Link>
  );
}
