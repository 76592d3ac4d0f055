import { useEffect, useMemo, useRef, useState, type SubmitEvent } from 'react';
import type { OwnProductParts } from '../graphql/generated';
import { decimalOf } from '../format';
import { useAction } from '../hooks';
import { Problem } from '../ui/notice';
import { Address, addressOf } from './address';
import { currencies } from './price';
import { ProductPictures } from './product_pictures';
import { saveProduct, type Tried, type Written } from './save_product';

interface Props {
  /** Null for a new one. */
  product: OwnProductParts | null;
  onSaved: (product: OwnProductParts) => void;
  onCancel: () => void;
}

const MOST_STOCK = 1_000_000;

function begun(product: OwnProductParts | null): Written {
  if (product === null) return { name: '', slug: '', description: '', price: '', currency: 'EUR', stock: 1, media: [], files: [] };
  return {
    name: product.name,
    slug: product.slug,
    description: product.description ?? '',
    price: decimalOf(product.price),
    currency: product.price.currency,
    stock: product.available,
    media: product.media.filter((media) => media !== null),
    files: [],
  };
}

export function ProductForm({ product, onSaved, onCancel }: Props) {
  const [written, setWritten] = useState(() => begun(product));
  const [chosen, setChosen] = useState<string | null>(null);
  const tried = useRef<Tried>({ key: null, adjusting: null, sent: new Map() });
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const known = useMemo(() => currencies(written.currency), [written.currency]);
  const save = useAction(async () => {
    const outcome = await saveProduct(product, { ...written, slug: addressOf(written.name, chosen) }, tried.current);
    if ('problem' in outcome) return outcome.problem;
    onSaved(outcome.product);
    return null;
  });
  const change = (part: Partial<Written>) => {
    tried.current.key = null;
    setWritten((before) => ({ ...before, ...part }));
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void save.run();
  };
  return (
    <form className="sell-form card" onSubmit={submit} aria-label={product === null ? 'A new product' : product.name}>
      <label className="field">
        <span>Name</span>
        <input ref={first} value={written.name} required autoComplete="off" onChange={(event) => change({ name: event.target.value })} />
      </label>
      {product === null && (
        <Address
          name={written.name}
          chosen={chosen}
          onChoose={(slug) => {
            change({});
            setChosen(slug);
          }}
        />
      )}
      <label className="field">
        <span>Description</span>
        <textarea rows={3} value={written.description} onChange={(event) => change({ description: event.target.value })} />
      </label>
      <div className="sell-row">
        <label className="field">
          <span>Price</span>
          <input value={written.price} required inputMode="decimal" autoComplete="off" onChange={(event) => change({ price: event.target.value })} />
        </label>
        <label className="field">
          <span>Currency</span>
          <select value={written.currency} onChange={(event) => change({ currency: event.target.value })}>
            {known.map(({ code, name }) => (
              <option key={code} value={code}>
                {code} · {name}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>In stock</span>
          <input
            type="number"
            min={0}
            max={MOST_STOCK}
            required
            value={Number.isNaN(written.stock) ? '' : written.stock}
            onChange={(event) => change({ stock: event.target.valueAsNumber })}
          />
        </label>
      </div>
      <ProductPictures media={written.media} files={written.files} known={product?.media ?? []} onChange={change} />
      <Problem text={save.problem} />
      <p className="sell-acts">
        <button type="submit" className="button button-main" disabled={save.busy || written.name.trim() === ''}>
          {save.busy ? 'Saving…' : 'Save'}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}
