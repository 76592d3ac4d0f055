import { useState } from 'react';
import type { PictureParts, PostParts } from '../graphql/generated';
import { Film } from '../ui/film';
import { Picture, ratioOf } from '../ui/picture';
import { Slides } from '../ui/slides';

const SHOWN_PICTURES = 4;

/** A post's pictures side by side, cut to fit; each opens whole, and leads to those that had no room. Films play in place. */
export function Pictures({ post }: { post: PostParts }) {
  const [opened, setOpened] = useState<number | null>(null);
  const pictures = post.media.filter((media): media is PictureParts => media !== null);
  const [first] = pictures;
  if (first === undefined) return null;
  const by = `by ${post.author?.displayName ?? 'the author'}, not described yet`;
  const labelOf = (media: PictureParts) => media.altText ?? `${media.kind === 'VIDEO' ? 'Film' : 'Picture'} ${by}`;
  const shown = pictures.slice(0, SHOWN_PICTURES);
  const hidden = pictures.length - shown.length;
  const ratio = pictures.length === 1 ? Math.min(2.2, Math.max(0.8, ratioOf(first))) : 3 / 2;
  return (
    <>
      <div className="pictures" data-count={shown.length} style={{ aspectRatio: String(ratio) }}>
        {shown.map((media, index) =>
          media.kind === 'VIDEO' ? (
            <Film key={media.id} media={media} label={labelOf(media)} />
          ) : (
            <button key={media.id} type="button" aria-label={`Open: ${labelOf(media)}`} onClick={() => setOpened(index)}>
              <Picture
                media={media}
                label={labelOf(media)}
                sizes={shown.length === 1 ? '(min-width: 700px) 620px, 100vw' : '(min-width: 700px) 310px, 50vw'}
              />
            </button>
          ),
        )}
        {hidden > 0 && (
          <button type="button" className="pictures-more" aria-label={`${hidden} more`} onClick={() => setOpened(SHOWN_PICTURES)}>
            +{hidden}
          </button>
        )}
      </div>
      {opened !== null && <Slides pictures={pictures} at={opened} labelOf={labelOf} onClose={() => setOpened(null)} />}
    </>
  );
}
