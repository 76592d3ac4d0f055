import { describe, expect, it } from 'vitest';
import type { Typed } from '../../src/graphql/document';
import { Tokens } from '../../src/graphql/tokens';
import { Uploader, multipartBody } from '../../src/graphql/upload';
import { NOW, PARENT, handover, queue, record, storeWith, traces, type Told } from './support';

interface Variables {
  input: { file: File; altText: string };
}

const UPLOAD: Typed<{ id: string }, Variables> = { name: 'Upload', text: 'mutation Upload' };
const FILE = new File(['pixels'], 'dawn.jpg', { type: 'image/jpeg' });
const VARIABLES: Variables = { input: { file: FILE, altText: 'Dawn' } };

/** What of XMLHttpRequest the uploader touches. */
class Request {
  readonly upload: { onprogress?: (event: object) => void } = {};
  readonly headers: Record<string, string> = {};
  status = 0;
  responseText = '';
  onload: () => void = () => undefined;
  onerror: () => void = () => undefined;
  onabort: () => void = () => undefined;

  constructor(private readonly behave: (request: Request) => void) {}

  open(): void {
    this.status = 200;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  getResponseHeader(): string | null {
    return 'ticket';
  }

  send(): void {
    queueMicrotask(() => this.behave(this));
  }

  abort(): void {
    this.onabort();
  }
}

function uploader(...behaviours: Array<(request: Request) => void>) {
  const opened: Request[] = [];
  const told: Told[] = [];
  const tokens = new Tokens(storeWith(record('old')), () => Promise.resolve(record('new')), queue(), handover(), () => NOW);
  const open = () => {
    const request = new Request(behaviours[opened.length] ?? (() => undefined));
    opened.push(request);
    return request as unknown as XMLHttpRequest;
  };
  return { opened, told, uploader: new Uploader('/graphql', tokens, traces(told), open) };
}

const answers = (status: number, body: string) => (request: Request) => {
  request.status = status;
  request.responseText = body;
  request.onload();
};
const DONE = answers(200, '{"data":{"id":"m1"}}');

describe('Uploader', () => {
  it('writes the parts in the order of the multipart request specification', async () => {
    const parts = [...multipartBody(UPLOAD, VARIABLES, 'input.file', FILE)];
    expect(parts.map(([name]) => name)).toEqual(['operations', 'map', 'file']);
    expect(JSON.parse(parts[0]?.[1] as string)).toEqual({
      operationName: 'Upload',
      query: 'mutation Upload',
      variables: { input: { file: null, altText: 'Dawn' } },
    });
    expect(JSON.parse(parts[1]?.[1] as string)).toEqual({ file: ['variables.input.file'] });
    expect(await (parts[2]?.[1] as File).text()).toBe('pixels');
    expect(VARIABLES.input.file).toBe(FILE);
  });

  it('tells how much was sent, and sends what the server asks of forms', async () => {
    const told: number[] = [];
    const { uploader: one, opened } = uploader((request) => {
      request.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 });
      request.upload.onprogress?.({ lengthComputable: false, loaded: 2, total: 0 });
      request.upload.onprogress?.({ lengthComputable: true, loaded: 4, total: 4 });
      DONE(request);
    });
    const onProgress = (sent: number) => told.push(sent);
    expect(await one.upload(UPLOAD, VARIABLES, 'input.file', FILE, { onProgress })).toEqual({ id: 'm1' });
    expect(told).toEqual([0.25, 1]);
    expect(opened[0]?.headers).toEqual({
      Accept: 'application/json',
      'Apollo-Require-Preflight': '1',
      traceparent: PARENT,
      Authorization: 'Bearer access-old',
    });
  });

  it('tells its part of a trace that is kept', async () => {
    const { uploader: one, told } = uploader(DONE);
    await one.upload(UPLOAD, VARIABLES, 'input.file', FILE);
    expect(told.map(({ ticket, requests }) => [ticket, requests.map(({ operation }) => operation)])).toEqual([['ticket', ['Upload']]]);
  });

  it('sends the file again with a new token where the first was refused', async () => {
    const { uploader: one, opened } = uploader(answers(401, ''), DONE);
    expect(await one.upload(UPLOAD, VARIABLES, 'input.file', FILE)).toEqual({ id: 'm1' });
    expect(opened.map((request) => request.headers.Authorization)).toEqual(['Bearer access-old', 'Bearer access-new']);
  });

  it('stops when it is cancelled', async () => {
    const abort = new AbortController();
    const { uploader: one } = uploader(() => abort.abort());
    const sent = one.upload(UPLOAD, VARIABLES, 'input.file', FILE, { signal: abort.signal });
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('says plainly that a file is too large, or that the connection broke', async () => {
    const { uploader: one } = uploader(answers(413, ''), (request) => request.onerror());
    await expect(one.upload(UPLOAD, VARIABLES, 'input.file', FILE)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(one.upload(UPLOAD, VARIABLES, 'input.file', FILE)).rejects.toMatchObject({ code: 'NETWORK' });
  });
});
