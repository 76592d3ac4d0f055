import { useCallback, useEffect, useRef, useState } from 'react';
import { uploader } from '../graphql/api';
import { asFailure } from '../graphql/errors';
import { UploadMedia, type MediaParts, type MediaVisibility } from '../graphql/generated';
import { told } from '../hooks';

export interface Upload {
  readonly key: number;
  readonly file: File;
  readonly visibility: MediaVisibility;
  readonly altText: string;
  readonly keepCopyright: boolean;
  readonly state: 'waiting' | 'sending' | 'failed';
  readonly sent: number;
  readonly problem: string | null;
  /** False where the server has judged the file itself. */
  readonly retryable: boolean;
}

const AT_ONCE = 2;
const READY = { state: 'waiting', problem: null, retryable: true } as const;
const REFUSED = { state: 'failed', problem: 'Pictures can be added once you are signed in.', retryable: false } as const;

export type Choice = Pick<Upload, 'visibility' | 'altText' | 'keepCopyright'>;

/** Files on their way, two at a time; a finished one is handed to `onDone` and leaves the list. */
export function useUploads(onDone: (media: MediaParts) => void, signedIn: boolean) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const serial = useRef(0);
  const aborts = useRef(new Map<number, AbortController>());
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });

  const change = useCallback((key: number, part: Partial<Upload>) => {
    setUploads((all) => all.map((upload) => (upload.key === key ? { ...upload, ...part } : upload)));
  }, []);
  const drop = useCallback((key: number) => {
    aborts.current.get(key)?.abort();
    setUploads((all) => all.filter((upload) => upload.key !== key));
  }, []);

  const send = useCallback(
    async (upload: Upload) => {
      const abort = new AbortController();
      aborts.current.set(upload.key, abort);
      const { file, visibility, keepCopyright } = upload;
      const input = { file, visibility, altText: upload.altText.trim() || null, keepCopyright };
      const options = { signal: abort.signal, onProgress: (sent: number) => change(upload.key, { sent }) };
      try {
        const { uploadMedia } = await uploader.upload(UploadMedia, { input }, 'input.file', upload.file, options);
        if (uploadMedia.media === null) {
          change(upload.key, { state: 'failed', retryable: false, problem: told(uploadMedia.userErrors) ?? 'It was not taken.' });
        } else {
          done.current(uploadMedia.media);
          drop(upload.key);
        }
      } catch (error) {
        if (!abort.signal.aborted) change(upload.key, { state: 'failed', problem: asFailure(error).told });
      } finally {
        aborts.current.delete(upload.key);
      }
    },
    [change, drop],
  );

  useEffect(() => {
    const room = AT_ONCE - uploads.filter((upload) => upload.state === 'sending').length;
    for (const upload of uploads.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, room))) {
      if (aborts.current.has(upload.key)) continue;
      change(upload.key, { state: 'sending' });
      void send(upload);
    }
  }, [uploads, change, send]);

  useEffect(() => {
    const running = aborts.current;
    return () => {
      for (const abort of running.values()) abort.abort();
    };
  }, []);

  const add = useCallback((files: Iterable<File>, choice: Choice) => {
    const start = signedIn ? READY : REFUSED;
    const added = [...files].map((file): Upload => ({ ...choice, ...start, key: ++serial.current, file, sent: 0 }));
    setUploads((all) => [...all, ...added]);
  }, [signedIn]);
  const again = useCallback((key: number) => change(key, { state: 'waiting', sent: 0, problem: null }), [change]);
  return { uploads, add, drop, again };
}
