import { useCallback, useEffect, useRef, useState } from 'react';
import { asFailure } from '../graphql/errors';
import type { MediaParts } from '../graphql/generated';
import { sendMedia, type Choice } from './send_media';

export interface Upload extends Choice {
  readonly key: number;
  readonly file: File;
  readonly state: 'waiting' | 'sending' | 'failed';
  readonly sent: number;
  readonly problem: string | null;
  /** False where the server has judged the file itself. */
  readonly retryable: boolean;
}

const AT_ONCE = 2;
const READY = { state: 'waiting', problem: null, retryable: true } as const;
const REFUSED = { state: 'failed', problem: 'Pictures can be added once you are signed in.', retryable: false } as const;

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
      const options = { signal: abort.signal, onProgress: (sent: number) => change(upload.key, { sent }) };
      try {
        const taken = await sendMedia(upload.file, upload, options);
        if ('problem' in taken) {
          change(upload.key, { state: 'failed', retryable: false, problem: taken.problem });
        } else {
          done.current(taken.media);
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
