import { useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../graphql/api';
import { Feed as FeedQuery, FeedUpdated, PostById, type FeedKind, type FeedResult, type PostParts } from '../graphql/generated';
import { useConnection, useLive } from '../hooks';
import { useViewer } from '../viewer';
import { Failed, More } from '../ui/notice';
import { Composer } from './composer';
import { PostCard } from './post_card';

const pick = (data: FeedResult) => data.feed;
const NEAR_TOP_PX = 240;

export function Feed({ kind }: { kind: FeedKind }) {
  const { signedIn } = useViewer();
  const feed = useConnection(FeedQuery, { kind }, pick);
  const { put, reload } = feed;
  const known = useRef(new Set<string>());
  useEffect(() => {
    known.current = new Set(feed.items.map((post) => post.id));
  }, [feed.items]);
  const [waiting, setWaiting] = useState<PostParts[]>([]);

  const arrive = useCallback(
    async (id: string) => {
      if (known.current.has(id)) return;
      const post = await client.request(PostById, { id }).then(
        (data) => data.post,
        () => null,
      );
      // One's own may have come by another way meanwhile, and been changed since: this one is older.
      if (post === null || known.current.has(id)) return;
      // Nothing moves under a reader who is further down.
      if (scrollY < NEAR_TOP_PX) put(post);
      else setWaiting((posts) => [post, ...posts.filter((other) => other.id !== id)]);
    },
    [put],
  );
  useLive(
    FeedUpdated,
    {},
    (data) => {
      if (data.feedUpdated !== null && kind === 'HOME') void arrive(data.feedUpdated.id);
    },
    reload,
  );

  const unseen = kind === 'HOME' ? waiting.filter((post) => feed.items.every((other) => other.id !== post.id)) : [];
  const showWaiting = () => {
    for (const post of unseen.toReversed()) put(post);
    setWaiting([]);
    scrollTo({ top: 0 });
  };

  return (
    <>
      {signedIn && <Composer onCreated={put} />}
      {unseen.length > 0 && (
        <button type="button" className="arrivals" onClick={showWaiting}>
          Show {unseen.length} new
        </button>
      )}
      <div className="feed" role="feed" aria-busy={feed.loading} aria-label={kind === 'HOME' ? 'Your feed' : 'Public feed'}>
        {feed.items.map((post) => (
          <PostCard key={post.id} post={post} onChange={put} onDeleted={feed.remove} />
        ))}
      </div>
      {feed.failure !== undefined && <Failed failure={feed.failure} retry={reload} />}
      {feed.loading && feed.items.length === 0 && <Waiting />}
      {!feed.loading && feed.failure === undefined && feed.items.length === 0 && (
        <p className="empty">
          {kind === 'HOME' ? 'Quiet here. Follow people, or look around under Explore.' : 'Nothing has been shared yet.'}
        </p>
      )}
      <More hasMore={feed.hasMore} loading={feed.loading} loadMore={feed.loadMore} />
    </>
  );
}

export function Waiting() {
  return (
    <div className="skeletons" aria-hidden="true">
      {[0, 1, 2].map((index) => (
        <div key={index} className="card skeleton" />
      ))}
    </div>
  );
}
