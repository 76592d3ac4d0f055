import '../styles/sell.css';
import { OwnStore } from '../graphql/generated';
import { useQuery, useTitle } from '../hooks';
import { Waiting } from '../posts/feed';
import { Link, paths } from '../router';
import { OpenStore } from '../selling/open_store';
import { OwnProducts } from '../selling/own_products';
import { Failed } from '../ui/notice';
import { useViewer } from '../viewer';
import Missing from './missing';

export default function Sell() {
  const { signedIn } = useViewer();
  return signedIn ? <Selling /> : <Missing hint="Your store is here once you are signed in." />;
}

function Selling() {
  const { data, failure, loading, reload, update } = useQuery(OwnStore, {}, false, true);
  const viewer = data?.viewer ?? null;
  const store = viewer?.store ?? null;
  useTitle(store?.name ?? 'Your store');
  if (failure !== undefined) return <Failed failure={failure} retry={reload} />;
  if (loading) return <Waiting />;
  return (
    <div className="page narrow">
      <Link to={paths.shop} className="quiet">
        Shop
      </Link>
      <h1>{store?.name ?? 'Your store'}</h1>
      {store === null ? (
        <OpenStore onOpened={(opened) => update((known) => ({ viewer: known.viewer && { ...known.viewer, store: opened } }))} />
      ) : (
        <>
          {store.description !== null && <p className="quiet">{store.description}</p>}
          <OwnProducts />
        </>
      )}
    </div>
  );
}
