import '../styles/post.css';
import '../styles/home.css';
import { useState } from 'react';
import { Discover as DiscoverQuery, type FeedKind } from '../graphql/generated';
import { useQuery, useTitle } from '../hooks';
import { Feed } from '../posts/feed';
import { Link, paths } from '../router';
import { Picture } from '../ui/picture';
import { ProductLine } from '../ui/product';
import { useViewer } from '../viewer';

export default function Home() {
  const { signedIn } = useViewer();
  const [chosen, setChosen] = useState<FeedKind>('HOME');
  const kind = signedIn ? chosen : 'EXPLORE';
  useTitle('');
  return (
    <div className="columns">
      <div className="column">
        <h1 className="unseen">Home</h1>
        {signedIn ? <Kinds kind={kind} onChoose={setChosen} /> : <Welcome />}
        <Feed kind={kind} />
      </div>
      <Discover />
    </div>
  );
}

const LABELS: Array<[FeedKind, string]> = [
  ['HOME', 'Following'],
  ['EXPLORE', 'Explore'],
];

function Kinds({ kind, onChoose }: { kind: FeedKind; onChoose: (kind: FeedKind) => void }) {
  return (
    <div className="segments" role="group" aria-label="Which feed">
      {LABELS.map(([value, label]) => (
        <button key={value} type="button" aria-pressed={kind === value} onClick={() => onChoose(value)}>
          {label}
        </button>
      ))}
    </div>
  );
}

function Welcome() {
  return (
    <section className="welcome">
      <p className="welcome-line">People, their work, and what they make.</p>
      <p>Read along, or join in: share pictures, talk, and see what your circle is up to.</p>
      <Link to={paths.register} className="button button-main">
        Create an account
      </Link>
    </section>
  );
}

/** Wide screens have room for a look around. */
function Discover() {
  const { data } = useQuery(DiscoverQuery, {});
  const pictures = (data?.publicMedia.edges ?? []).flatMap(({ node }) => (node === null ? [] : [node]));
  const products = (data?.products.edges ?? []).flatMap(({ node }) => (node === null ? [] : [node]));
  return (
    <aside className="discover" aria-label="Look around">
      {pictures.length > 0 && (
        <section className="card">
          <h2>
            <Link to={paths.media}>New in the gallery</Link>
          </h2>
          <div className="mosaic">
            {pictures.map((media) => (
              <Picture key={media.id} media={media} sizes="100px" label="Picture, not described yet" />
            ))}
          </div>
        </section>
      )}
      {products.length > 0 && (
        <section className="card">
          <h2>
            <Link to={paths.shop}>From the shops</Link>
          </h2>
          <ul className="plain">
            {products.map((product) => (
              <li key={product.id}>
                <ProductLine product={product} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}
