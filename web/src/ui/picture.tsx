import { useCallback, useState, type CSSProperties } from 'react';
import { client } from '../graphql/api';
import { MediaById, type PictureParts } from '../graphql/generated';

interface Props {
  media: PictureParts;
  /** How wide it is shown, for the browser's choice from srcset. */
  sizes: string;
  /** What it is where nobody described it. */
  label: string;
  className?: string;
}

export function ratioOf(media: PictureParts): number {
  const { width = 4, height = 3 } = media.metadata ?? {};
  return width > 0 && height > 0 ? width / height : 4 / 3;
}

export function ground(media: PictureParts): CSSProperties {
  const colour = media.dominantColor;
  return colour === null ? {} : { backgroundColor: `rgb(${colour.r} ${colour.g} ${colour.b})` };
}

/** A picture that takes its place at once: its colour, then its blurred self, then itself. */
export function Picture(props: Props) {
  // Another address is another picture to wait for: made private, or renewed.
  return <Drawn key={props.media.srcset ?? props.media.url} {...props} />;
}

function Drawn({ media: given, sizes, label, className = '' }: Props) {
  const [renewed, setRenewed] = useState<PictureParts | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const media = renewed ?? given;
  const isPrivate = media.visibility === 'PRIVATE';
  const loaded = shown !== null;

  const arrived = useCallback((image: HTMLImageElement | null) => {
    if (image?.complete && image.naturalWidth > 0) setShown(image.currentSrc);
  }, []);

  const renew = () => {
    // The address of a private picture is good for minutes only; ask for a new one, once.
    if (renewed !== null || !isPrivate) return setFailed(true);
    client.request(MediaById, { id: media.id }).then(
      ({ mediaFile }) => (mediaFile === null ? setFailed(true) : setRenewed(mediaFile)),
      () => setFailed(true),
    );
  };

  // Once a private picture is there the page stays with that file: a resize would ask for another at a stale address.
  const pinned = isPrivate && loaded;
  const absent = media.status === 'PROCESSING' ? 'Being prepared…' : 'This picture cannot be shown';
  // What was laid under a picture that may be transparent must not shine through it.
  const bare = loaded && media.metadata?.format.toUpperCase() !== 'JPEG';
  const { width = 4, height = 3 } = media.metadata ?? {};
  return (
    <span className={`picture ${loaded ? 'is-loaded' : ''} ${className}`} style={bare ? undefined : ground(media)}>
      {media.blurPlaceholder !== null && !bare && (
        <span className="picture-blur" style={{ backgroundImage: `url("${media.blurPlaceholder}")` }} />
      )}
      {failed || media.status === 'PROCESSING' ? (
        <span className="picture-note">{absent}</span>
      ) : (
        <img
          ref={arrived}
          // Of a film what plays is no picture: its still is.
          src={pinned ? shown : media.kind === 'VIDEO' ? (media.thumbnailUrl ?? undefined) : media.url}
          srcSet={pinned ? undefined : (media.srcset ?? undefined)}
          sizes={pinned || media.srcset === null ? undefined : sizes}
          width={width}
          height={height}
          alt={media.altText ?? label}
          loading={isPrivate ? 'eager' : 'lazy'}
          decoding="async"
          onLoad={(event) => setShown(event.currentTarget.currentSrc)}
          onError={renew}
        />
      )}
    </span>
  );
}
