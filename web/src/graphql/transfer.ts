import { failure } from './errors';
import { TICKET, type Traced } from './trace';

export interface UploadProgress {
  /** 0 to 1 of what was sent; 1 means that the server is at work. */
  onProgress?: (sent: number) => void;
  signal?: AbortSignal;
}

/** XMLHttpRequest rather than fetch: it alone tells how much of the body was sent. */
export type OpenRequest = () => XMLHttpRequest;

export interface Outbound {
  method: string;
  address: string;
  headers: Record<string, string>;
  token: string | null;
  body: Blob | FormData | null;
}

export interface Came {
  status: number;
  text: string;
  header: (name: string) => string | null;
}

/** One request with a body that takes its time; rejects with NETWORK where no answer came. */
export function transfer(
  open: OpenRequest,
  { method, address, headers, token, body }: Outbound,
  traced: Traced,
  progress: UploadProgress = {},
): Promise<Came> {
  return new Promise((resolve, reject) => {
    const request = open();
    request.open(method, address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.setRequestHeader('traceparent', traced.header);
    if (token !== null) request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress.onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      traced.ended(request.status, request.getResponseHeader(TICKET));
      const header = (name: string) => request.getResponseHeader(name);
      resolve({ status: request.status, text: request.responseText, header });
    };
    request.onerror = () => {
      traced.ended(0, null);
      reject(failure('NETWORK'));
    };
    request.onabort = () => {
      traced.ended(0, null);
      reject(cancelled());
    };
    progress.signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}

export function cancelled(): DOMException {
  return new DOMException('The upload was cancelled.', 'AbortError');
}
