import { useRef, useState } from 'react';
import { client } from '../graphql/api';
import { MediaById, type PictureParts } from '../graphql/generated';

/** A film, behind its still until it plays. The address of a private one is good for minutes: it goes on at a new one. */
export function Film({ media: given, label }: { media: PictureParts; label: string }) {
  // Another address is another film: made private, or public.
  return <Playing key={given.visibility} media={given} label={label} />;
}

function Playing({ media: given, label }: { media: PictureParts; label: string }) {
  const [media, setMedia] = useState(given);
  const at = useRef(0);

  const renew = () => {
    if (media.visibility !== 'PRIVATE') return;
    client.request(MediaById, { id: media.id }).then(
      ({ mediaFile }) => {
        if (mediaFile !== null && mediaFile.url !== media.url) setMedia(mediaFile);
      },
      // What has loaded stays; playing it again asks again.
      () => undefined,
    );
  };
  const { width, height } = media.metadata ?? {};
  return (
    // There is no captions' file to give: what is said in a film is not written down.
    // eslint-disable-next-line jsx-a11y/media-has-caption
    <video
      className="film"
      src={media.url}
      poster={posterOf(media)}
      width={width}
      height={height}
      controls
      playsInline
      preload="metadata"
      aria-label={media.altText ?? label}
      onTimeUpdate={(event) => {
        at.current = event.currentTarget.currentTime;
      }}
      onLoadedMetadata={(event) => {
        if (at.current > 0) event.currentTarget.currentTime = at.current;
      }}
      onError={renew}
    />
  );
}

/** The widest of its still. */
function posterOf({ srcset, thumbnailUrl }: PictureParts): string | undefined {
  return srcset?.split(', ').at(-1)?.split(' ')[0] ?? thumbnailUrl ?? undefined;
}
