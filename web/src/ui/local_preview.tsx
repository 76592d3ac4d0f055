import { useEffect, useRef, useState } from 'react';

const SIDE = 128;

interface Props {
  file: File;
  /** What a film is called, to be played before it is sent. */
  label: string;
}

/** A file before it is sent: a picture small, a film to be played. */
export function LocalPreview({ file, label }: Props) {
  return file.type.startsWith('video/') ? <LocalFilm file={file} label={label} /> : <LocalPicture file={file} />;
}

/** Drawn on a canvas: scaled once, and the file's own bytes are not held. */
function LocalPicture({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let live = true;
    createImageBitmap(file).then(
      (bitmap) => {
        const context = canvas.current?.getContext('2d');
        if (live && context) {
          const scale = Math.max(SIDE / bitmap.width, SIDE / bitmap.height);
          const [width, height] = [bitmap.width * scale, bitmap.height * scale];
          context.drawImage(bitmap, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
        }
        bitmap.close();
      },
      // Not a picture this browser can read: the server decides, the place stays blank.
      () => undefined,
    );
    return () => {
      live = false;
    };
  }, [file]);
  return <canvas ref={canvas} className="local-preview" width={SIDE} height={SIDE} aria-hidden="true" />;
}

function LocalFilm({ file, label }: Props) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return (
    // eslint-disable-next-line jsx-a11y/media-has-caption -- it has none yet, and is its sender's own
    <video className="local-film" src={address} controls playsInline preload="metadata" aria-label={label} />
  );
}
