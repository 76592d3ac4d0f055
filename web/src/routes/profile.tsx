import '../styles/post.css';
import '../styles/profile.css';
import { useState } from 'react';
import { client } from '../graphql/api';
import { Follow, OpenDirect, Profile as ProfileQuery, ProfilePosts, Unfollow, type ProfilePostsResult, type ProfileResult } from '../graphql/generated';
import { compact, plural, shortDate } from '../format';
import { told, useAction, useConnection, useQuery, useTitle } from '../hooks';
import { Waiting } from '../posts/feed';
import { PostCard } from '../posts/post_card';
import { Failed, More, Problem } from '../ui/notice';
import { Avatar } from '../ui/person';
import { ProductLine } from '../ui/product';
import { EditProfile } from '../people/edit_profile';
import { Link, paths, useRouter } from '../router';
import { useViewer } from '../viewer';
import Missing from './missing';

type Person = NonNullable<ProfileResult['user']>;
const pick = (data: ProfilePostsResult) => data.user?.posts;

export default function Profile({ handle = '' }: { handle?: string }) {
  const { data, failure, loading, reload, update } = useQuery(ProfileQuery, { handle });
  const posts = useConnection(ProfilePosts, { handle }, pick);
  const [editing, setEditing] = useState(false);
  const { reload: reloadViewer } = useViewer();
  const person = data?.user ?? null;
  useTitle(person?.displayName ?? '');
  if (failure !== undefined) return <Failed failure={failure} retry={reload} />;
  if (loading) return <Waiting />;
  if (person === null) return <Missing />;
  const change = (part: Partial<Person>) => update(() => ({ user: { ...person, ...part } }));
  const edited = (changed: Partial<Person> | null) => {
    setEditing(false);
    if (changed === null) return;
    change(changed);
    posts.reload();
    reloadViewer();
  };
  return (
    <div className="columns">
      <div className="column">
        {editing ? (
          <EditProfile person={person} onDone={edited} />
        ) : (
          <Head person={person} onChange={change} onEdit={() => setEditing(true)} />
        )}
        <div className="feed">
          {posts.items.map((post) => (
            <PostCard key={post.id} post={post} onChange={posts.put} onDeleted={posts.remove} />
          ))}
        </div>
        {posts.failure !== undefined && <Failed failure={posts.failure} retry={posts.reload} />}
        {!posts.loading && posts.items.length === 0 && (
          <p className="empty">{person.viewerRelation.isSelf ? 'You have shared nothing yet.' : 'Nothing shared with you yet.'}</p>
        )}
        <More hasMore={posts.hasMore} loading={posts.loading} loadMore={posts.loadMore} />
      </div>
      <Aside person={person} />
    </div>
  );
}

interface HeadProps {
  person: Person;
  onChange: (part: Partial<Person>) => void;
  onEdit: () => void;
}

function Head({ person, onChange, onEdit }: HeadProps) {
  const { signedIn } = useViewer();
  const relation = person.viewerRelation;
  const toggle = useAction(async () => {
    const variables = { userId: person.id };
    const payload = relation.following
      ? (await client.request(Unfollow, variables)).unfollow
      : (await client.request(Follow, variables)).follow;
    if (payload.user !== null) onChange(payload.user);
    return told(payload.userErrors);
  });
  const { go } = useRouter();
  const write = useAction(async () => {
    const { conversation, userErrors } = (await client.request(OpenDirect, { userId: person.id })).openDirect;
    if (conversation !== null) go(paths.talk(conversation.id));
    return told(userErrors);
  });
  return (
    <header className="profile card">
      <Avatar person={person} size="l" />
      <div>
        <h1>{person.displayName}</h1>
        <p className="handle">
          @{person.handle}
          {relation.followedBy && <span className="tagline">follows you</span>}
        </p>
        {person.bio !== null && person.bio !== '' && <p className="body">{person.bio}</p>}
        <p className="quiet">
          {plural(person.followerCount, 'follower')} · {compact(person.followingCount)} following · here since{' '}
          {shortDate(person.createdAt)}
        </p>
        <Problem text={toggle.problem ?? write.problem} />
      </div>
      {relation.isSelf && (
        <button type="button" className="button" onClick={onEdit}>
          Edit profile
        </button>
      )}
      {signedIn && !relation.isSelf && (
        <div className="profile-acts">
          <button
            type="button"
            className={relation.following ? 'button' : 'button button-main'}
            aria-pressed={relation.following}
            disabled={toggle.busy}
            onClick={() => void toggle.run()}
          >
            {relation.following ? 'Following' : 'Follow'}
          </button>
          <button type="button" className="button" disabled={write.busy} onClick={() => void write.run()}>
            Message
          </button>
        </div>
      )}
    </header>
  );
}

function Aside({ person }: { person: Person }) {
  const products = (person.store?.products.edges ?? []).flatMap(({ node }) => (node === null ? [] : [node]));
  const documents = person.publicDocuments.edges.flatMap(({ node }) => (node === null ? [] : [node]));
  return (
    <aside className="discover" aria-label={`More of ${person.displayName}`}>
      {person.store !== null && (
        <section className="card">
          <h2>{person.store.name}</h2>
          <ul className="plain">
            {products.map((product) => (
              <li key={product.id}>
                <ProductLine product={product} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {documents.length > 0 && (
        <section className="card">
          <h2>Public documents</h2>
          <ul className="plain">
            {documents.map((document) => (
              <li key={document.id}>
                <Link to={paths.document(document.id)}>{document.title}</Link> <span className="quiet">{shortDate(document.updatedAt)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}
