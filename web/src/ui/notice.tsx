import { useEffect, useRef } from 'react';
import { SUPPORT, type GraphQLFailure } from '../graphql/errors';

export function Problem({ text, id }: { text: string | null; id?: string }) {
  return (
    <p className="problem" role="alert" id={id} hidden={text === null}>
      {text}
    </p>
  );
}

export function Failed({ failure, retry }: { failure: GraphQLFailure; retry: () => void }) {
  return (
    <div className="notice" role="alert">
      <p>{failure.message}</p>
      {failure.trace !== null && (
        <p className="quiet">
          {SUPPORT} <code>{failure.trace}</code>
        </p>
      )}
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

interface MoreProps {
  hasMore: boolean;
  loading: boolean;
  loadMore: () => void;
}

/** The next page: by itself when its place comes near, or by the button. */
export function More({ hasMore, loading, loadMore }: MoreProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (button.current === null || !hasMore) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) loadMore();
      },
      { rootMargin: '600px' },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [hasMore, loadMore]);
  if (!hasMore) return null;
  return (
    <button ref={button} type="button" className="button more" onClick={loadMore} aria-disabled={loading}>
      {loading ? 'Loading…' : 'Show more'}
    </button>
  );
}
