import { sendMedia } from '../gallery/send_media';
import { client } from '../graphql/api';
import { AdjustStock, CreateProduct, UpdateProduct, type OwnProductParts } from '../graphql/generated';
import { told } from '../hooks';
import { priceOf } from './price';

export interface Written {
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly price: string;
  readonly currency: string;
  readonly stock: number;
  /** Pictures that are there. */
  readonly media: ReadonlyArray<{ readonly id: string }>;
  readonly files: readonly File[];
}

/** What a second try after a failure need not do again. */
export interface Tried {
  /** What is sent again is the same product. */
  key: string | null;
  /** A change of the stock that may have come through already. */
  adjusting: { readonly delta: number; readonly key: string } | null;
  readonly sent: Map<File, string>;
}

export type Outcome = { product: OwnProductParts } | { problem: string };

export async function saveProduct(known: OwnProductParts | null, written: Written, tried: Tried): Promise<Outcome> {
  const priced = priceOf(written.price, written.currency);
  if ('problem' in priced) return priced;
  const name = written.name.trim();
  const mediaIds = written.media.map(({ id }) => id);
  for (const file of written.files) {
    const id = tried.sent.get(file) ?? (await sent(file, name));
    if (typeof id !== 'string') return { problem: `${file.name}: ${id.problem}` };
    tried.sent.set(file, id);
    mediaIds.push(id);
  }
  const input = { name, description: written.description.trim(), price: priced.price, mediaIds };
  if (known !== null) return changed(known, { id: known.id, ...input }, written.stock, tried);
  tried.key ??= newKey();
  // Shown to nobody before its seller says so.
  const made = { ...input, slug: written.slug, onHand: written.stock, published: false, idempotencyKey: tried.key };
  const { product, userErrors } = (await client.request(CreateProduct, { input: made })).createProduct;
  tried.key = null;
  return product === null ? { problem: told(userErrors) ?? 'It was not saved. Try once more.' } : { product };
}

const newKey = () => `${Date.now()}-${Math.random().toString(36).slice(2)}`;

/** Private: whoever sees the product sees its pictures, and they do not hang in the gallery. */
async function sent(file: File, altText: string): Promise<string | { problem: string }> {
  const taken = await sendMedia(file, { visibility: 'PRIVATE', altText, keepCopyright: false });
  return 'problem' in taken ? taken : taken.media.id;
}

type Changes = Parameters<NonNullable<typeof UpdateProduct.__types>>[0]['input'];

async function changed(known: OwnProductParts, input: Changes, stock: number, tried: Tried): Promise<Outcome> {
  const { product, userErrors } = (await client.request(UpdateProduct, { input })).updateProduct;
  if (product === null) return { problem: told(userErrors) ?? 'It was not saved. Try once more.' };
  // Counted from what was shown: what others bought meanwhile stays bought.
  const delta = stock - known.available;
  if (delta === 0) return { product };
  if (tried.adjusting?.delta !== delta) tried.adjusting = { delta, key: newKey() };
  const change = { productId: known.id, delta, idempotencyKey: tried.adjusting.key };
  const adjusted = (await client.request(AdjustStock, { input: change })).adjustStock;
  tried.adjusting = null;
  return adjusted.product === null ? { problem: told(adjusted.userErrors) ?? 'The stock was not changed.' } : { product: adjusted.product };
}
