import { GraphQLFailure, failure } from './errors';
import type { Tokens } from './tokens';
import type { Traces } from './trace';
import { cancelled, transfer, type Came, type OpenRequest, type UploadProgress } from './transfer';

/** What the server keeps at a time: a break costs no more than this. */
export const PIECE = 8 << 20;
const TRIES = 6;
const FIRST_PAUSE_MS = 1_000;
/** Answers that say nothing of the file: it may go on. */
const BUSY = new Set([409, 423, 429, 500, 502, 503, 504]);
const AGAIN = new Set(['NETWORK', 'RATE_LIMITED', 'INTERNAL']);
const OFFSET = 'Upload-Offset';

/** So many milliseconds, unless `signal` is told before. */
export type Pause = (ms: number, signal?: AbortSignal) => Promise<void>;

/** The server has judged what was sent: sent once more, it would say the same. */
export class Refused extends Error {}

/** Files by tus 1.0 (https://tus.io): in pieces, each with a token of its own, going on after a break where the server stands. */
export class Resumable {
  constructor(
    private readonly tokens: Tokens,
    private readonly traces: Traces,
    private readonly open: OpenRequest = () => new XMLHttpRequest(),
    private readonly pause: Pause = paused,
  ) {}

  /** All that the server does not have yet. Throws Refused; and after some tries in vain why, when it may be called again. */
  async send(address: string, file: Blob, progress: UploadProgress = {}): Promise<void> {
    let offset = 0;
    let known = false;
    let failed = 0;
    while (!known || offset < file.size) {
      progress.signal?.throwIfAborted();
      try {
        const stands: number = known ? await this.more(address, file, offset, progress) : await this.stands(address, progress);
        // That it tells where it stands is no progress.
        if (stands > offset) failed = 0;
        offset = stands;
        known = true;
      } catch (error) {
        if (!(error instanceof GraphQLFailure) || !AGAIN.has(error.code) || ++failed > TRIES) throw error;
        await this.pause(FIRST_PAUSE_MS * 2 ** (failed - 1), progress.signal);
        known = false;
      }
    }
  }

  private stands(address: string, progress: UploadProgress): Promise<number> {
    return this.ask('HEAD', address, {}, null, { ...progress, onProgress: () => undefined });
  }

  private more(address: string, file: Blob, offset: number, progress: UploadProgress): Promise<number> {
    const piece = file.slice(offset, offset + PIECE);
    const headers = { 'Content-Type': 'application/offset+octet-stream', [OFFSET]: String(offset) };
    const onProgress = (sent: number) => progress.onProgress?.((offset + sent * piece.size) / file.size);
    return this.ask('PATCH', address, headers, piece, { ...progress, onProgress });
  }

  /** Where the upload stands after this. */
  private async ask(
    method: string,
    address: string,
    given: Record<string, string>,
    body: Blob | null,
    progress: UploadProgress,
  ): Promise<number> {
    const headers = { 'Tus-Resumable': '1.0.0', ...given };
    const attempt = (token: string | null) =>
      transfer(this.open, { method, address, headers, token, body }, this.traces.request(method), progress);
    const token = await this.tokens.access();
    let came = await attempt(token);
    if (came.status === 401 && token !== null) came = await attempt(await this.tokens.renew(token));
    const offset = came.header(OFFSET);
    if (came.status < 300 && offset !== null) return Number(offset);
    throw refusalOf(came);
  }
}

function refusalOf({ status, text }: Came): Error {
  if (status === 401) return failure('UNAUTHENTICATED');
  if (status === 429) return failure('RATE_LIMITED');
  if (BUSY.has(status)) return failure('INTERNAL');
  return new Refused(said(text) ?? 'It was not taken.');
}

function said(text: string): string | null {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    return typeof error?.message === 'string' ? error.message : null;
  } catch {
    return null;
  }
}

export const paused: Pause = (ms, signal) =>
  new Promise((resolve, reject) => {
    const handle = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(handle);
      reject(cancelled());
    }, { once: true });
  });
