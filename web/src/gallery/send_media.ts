import { client, resumable, uploader } from '../graphql/api';
import {
  AbortUpload,
  BeginUpload,
  CompleteUpload,
  UploadMedia,
  type MediaParts,
  type MediaVisibility,
} from '../graphql/generated';
import { PIECE, Refused, paused } from '../graphql/resumable';
import type { UploadProgress } from '../graphql/transfer';
import { told } from '../hooks';

export interface Choice {
  readonly visibility: MediaVisibility;
  readonly altText: string;
  readonly keepCopyright: boolean;
}

/** A problem is the server's word on the file; what may go better another time is thrown. */
export type Taken = { media: MediaParts } | { problem: string };

interface Begun {
  readonly id: string;
  readonly address: string;
  readonly chosen: string;
}

const ASK_MS = 1_000;
const ANY_TYPE = 'image/jpeg';
/** Uploads that were broken off: tried again, they go on where they stand. */
const begun = new WeakMap<File, Begun>();

/** One file: in one request, or, where it has several pieces, in as many as it takes. */
export async function sendMedia(file: File, choice: Choice, progress: UploadProgress = {}): Promise<Taken> {
  const { visibility, keepCopyright } = choice;
  const wanted = { visibility, altText: choice.altText.trim() || null, keepCopyright };
  if (file.size > PIECE) return inPieces(file, wanted, progress);
  const input = { file, ...wanted };
  const { uploadMedia } = await uploader.upload(UploadMedia, { input }, 'input.file', file, progress);
  return outcome(uploadMedia);
}

type Wanted = Omit<Choice, 'altText'> & { altText: string | null };

async function inPieces(file: File, wanted: Wanted, progress: UploadProgress): Promise<Taken> {
  const upload = await beginning(file, wanted, progress.signal);
  if ('problem' in upload) return upload;
  try {
    await resumable.send(upload.address, file, progress);
    return await completed(upload.id, progress.signal);
  } catch (error) {
    const cancelled = progress.signal?.aborted === true;
    if (cancelled || error instanceof Refused) begun.delete(file);
    if (cancelled) void client.request(AbortUpload, { id: upload.id }).catch(() => undefined);
    if (!(error instanceof Refused)) throw error;
    return { problem: error.message };
  }
}

async function beginning(file: File, wanted: Wanted, signal?: AbortSignal): Promise<Begun | { problem: string }> {
  const chosen = JSON.stringify(wanted);
  const known = begun.get(file);
  if (known?.chosen === chosen) return known;
  // What a file is the server sees for itself; of a type it is told only where it is not sent in pieces.
  const input = { ...wanted, bytes: file.size, contentType: file.type || ANY_TYPE, method: 'TUS' } as const;
  const { upload, target, userErrors } = (await client.request(BeginUpload, { input }, signal)).beginUpload;
  if (upload === null || target === null) return { problem: told(userErrors) ?? 'It was not taken.' };
  // Of this origin, by whichever of its names the page was opened: the policy lets it ask no other.
  const one = { id: upload.id, address: new URL(target.url, location.href).pathname, chosen };
  begun.set(file, one);
  return one;
}

/** Every byte is there; the picture may have to wait for its turn. */
async function completed(id: string, signal?: AbortSignal): Promise<Taken> {
  for (;;) {
    const { completeUpload } = await client.request(CompleteUpload, { id }, signal);
    if (completeUpload.upload?.status !== 'RECEIVED') return outcome(completeUpload);
    await paused(ASK_MS, signal);
  }
}

function outcome({ media, userErrors }: { media: MediaParts | null; userErrors: ReadonlyArray<{ message: string }> }): Taken {
  return media === null ? { problem: told(userErrors) ?? 'It was not taken.' } : { media };
}
