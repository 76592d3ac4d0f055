import { withToken } from './client';
import type { Typed } from './document';
import { failure, parseAnswer, type GraphQLAnswer } from './errors';
import type { Tokens } from './tokens';
import { TICKET, type Traces } from './trace';

export interface UploadProgress {
  /** 0 to 1 of what was sent; 1 means that the server is at work. */
  onProgress?: (sent: number) => void;
  signal?: AbortSignal;
}

/** XMLHttpRequest rather than fetch: it alone tells how much of the body was sent. */
export type OpenRequest = () => XMLHttpRequest;

/** The multipart request of an operation whose variables hold one file at `path`. */
export function multipartBody(document: { name: string; text: string }, variables: object, path: string, file: File) {
  const keys = path.split('.');
  const form = new FormData();
  form.append('operations', JSON.stringify({
    operationName: document.name,
    query: document.text,
    variables: withNull(variables, keys),
  }));
  form.append('map', JSON.stringify({ file: [`variables.${path}`] }));
  form.append('file', file, file.name);
  return form;
}

function withNull(value: object, [key = '', ...rest]: string[]): object {
  const inner = (value as Record<string, unknown>)[key];
  return { ...value, [key]: rest.length === 0 ? null : withNull(inner as object, rest) };
}

export class Uploader {
  constructor(
    private readonly endpoint: string,
    private readonly tokens: Tokens,
    private readonly traces: Traces,
    private readonly open: OpenRequest = () => new XMLHttpRequest(),
  ) {}

  upload<Result, Variables extends object>(
    document: Typed<Result, Variables>,
    variables: Variables,
    filePath: string,
    file: File,
    progress: UploadProgress = {},
  ): Promise<Result> {
    return withToken<Result>(this.tokens, (token) =>
      this.attempt<Result>(document.name, multipartBody(document, variables, filePath, file), token, progress),
    );
  }

  private attempt<Data>(
    operation: string,
    body: FormData,
    token: string | null,
    progress: UploadProgress,
  ): Promise<GraphQLAnswer<Data>> {
    return new Promise((resolve, reject) => {
      const traced = this.traces.request(operation);
      const request = this.open();
      request.open('POST', this.endpoint);
      request.setRequestHeader('Accept', 'application/json');
      // A form can be sent from any site; this header cannot, and the server asks for one such.
      request.setRequestHeader('Apollo-Require-Preflight', '1');
      request.setRequestHeader('traceparent', traced.header);
      if (token !== null) request.setRequestHeader('Authorization', `Bearer ${token}`);
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) progress.onProgress?.(event.loaded / event.total);
      };
      request.onload = () => {
        traced.ended(request.status, request.getResponseHeader(TICKET));
        resolve(parseAnswer<Data>(request.status, request.responseText, traced.trace));
      };
      request.onerror = () => {
        traced.ended(0, null);
        reject(failure('NETWORK'));
      };
      request.onabort = () => {
        traced.ended(0, null);
        reject(new DOMException('The upload was cancelled.', 'AbortError'));
      };
      progress.signal?.addEventListener('abort', () => request.abort(), { once: true });
      request.send(body);
    });
  }
}
