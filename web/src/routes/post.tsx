import '../styles/post.css';
import { PostById } from '../graphql/generated';
import { useQuery, useTitle } from '../hooks';
import { Waiting } from '../posts/feed';
import { PostCard } from '../posts/post_card';
import { paths, useRouter } from '../router';
import { Failed } from '../ui/notice';
import Missing from './missing';

export default function Post({ id = '' }: { id?: string }) {
  const { go } = useRouter();
  const { data, failure, loading, reload, update } = useQuery(PostById, { id });
  const post = data?.post ?? null;
  useTitle(post === null ? '' : `${post.author?.displayName ?? 'Someone'}: ${post.body?.slice(0, 40) ?? ''}`);
  if (failure !== undefined) return <Failed failure={failure} retry={reload} />;
  if (loading) return <Waiting />;
  if (post === null) return <Missing />;
  return (
    <div className="page narrow">
      <h1 className="unseen">One post</h1>
      <PostCard post={post} alone onChange={(changed) => update(() => ({ post: changed }))} onDeleted={() => go(paths.home)} />
    </div>
  );
}
