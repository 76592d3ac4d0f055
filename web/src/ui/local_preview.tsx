import { useEffect, useRef } from 'react';

const SIDE = 128;

/** A file's picture before it is sent, drawn on a canvas: the policy allows no blob: addresses. */
export function LocalPreview({ file }: { file: File }) {
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
