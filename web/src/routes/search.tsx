import '../styles/search.css';
import { useId, useState, type SubmitEvent } from 'react';
import { Search as SearchQuery, type SearchResult } from '../graphql/generated';
import { ago } from '../format';
import { useConnection, useTitle } from '../hooks';
import { Link, paths, useRouter } from '../router';
import { Icon } from '../ui/icon';
import { Failed, More } from '../ui/notice';
import { Avatar, PersonName } from '../ui/person';
import { ProductLine } from '../ui/product';

type Found = NonNullable<NonNullable<SearchResult['search']['edges'][number]['node']>['node']>;

const pick = ({ search }: SearchResult) => ({ ...search, edges: search.edges.map(({ node }) => ({ node: node?.node ?? null })) });

export default function Search() {
  const { search, go } = useRouter();
  const text = new URLSearchParams(search).get('q') ?? '';
  const [typed, setTyped] = useState(text);
  const field = useId();
  const { items: found, failure, loading, hasMore, loadMore, reload } = useConnection(SearchQuery, { text }, pick, { paused: text === '' });
  useTitle(text === '' ? 'Search' : `“${text}”`);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') go(paths.search(typed.trim()), 'replace');
  };
  return (
    <div className="page narrow">
      <h1>Search</h1>
      <form className="search-form" role="search" onSubmit={submit}>
        <label htmlFor={field} className="unseen">
          Search for people, posts and products
        </label>
        <input
          id={field}
          type="search"
          value={typed}
          placeholder="People, posts, products"
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="button button-main">
          <Icon name="search" size={18} /> Find
        </button>
      </form>
      {failure !== undefined && <Failed failure={failure} retry={reload} />}
      {loading && found.length === 0 && <p className="quiet">Looking…</p>}
      {text !== '' && !loading && failure === undefined && found.length === 0 && <p className="empty">Nothing found for “{text}”.</p>}
      <ul className="found" aria-label="Results">
        {found.map((hit) => (
          <li key={hit.id} className="card">
            <Hit hit={hit} />
          </li>
        ))}
      </ul>
      <More hasMore={hasMore} loading={loading} loadMore={loadMore} />
    </div>
  );
}

function Hit({ hit }: { hit: Found }) {
  if (hit.__typename === 'User') {
    return (
      <p className="hit-person">
        <Avatar person={hit} />
        <PersonName person={hit} />
      </p>
    );
  }
  if (hit.__typename === 'Product') return <ProductLine product={hit} />;
  if (hit.__typename !== 'Post') return null;
  return (
    <Link to={paths.post(hit.id)} className="hit-post">
      <span className="quiet">
        {hit.author?.displayName ?? 'Someone'} · {ago(hit.createdAt, Date.now())}
      </span>
      <span className="hit-body">{hit.body}</span>
    </Link>
  );
}
