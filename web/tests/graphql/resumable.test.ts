import { describe, expect, it } from 'vitest';
import { PIECE, Refused, Resumable } from '../../src/graphql/resumable';
import { Tokens } from '../../src/graphql/tokens';
import { NOW, handover, queue, record, storeWith, traces } from './support';

const FILE = new Blob([new Uint8Array(PIECE + 5)]);

interface Asked {
  method: string;
  token: string | undefined;
  offset: string | undefined;
  bytes: number;
}

/** How a server behaves, by the bytes it has: `null` breaks the connection off. */
type Server = (asked: Asked) => { status: number; offset?: number; text?: string } | null;

class Request {
  readonly upload: { onprogress?: (event: object) => void } = {};
  status = 0;
  responseText = '';
  onload: () => void = () => undefined;
  onerror: () => void = () => undefined;
  onabort: () => void = () => undefined;
  private method = '';
  private readonly headers: Record<string, string> = {};
  private offset: number | undefined;

  constructor(
    private readonly serve: Server,
    private readonly asked: Asked[],
  ) {}

  open(method: string): void {
    this.method = method;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  getResponseHeader(name: string): string | null {
    return name === 'Upload-Offset' && this.offset !== undefined ? String(this.offset) : null;
  }

  send(body: Blob | null): void {
    const { Authorization: token, 'Upload-Offset': offset } = this.headers;
    const one = { method: this.method, token, offset, bytes: body?.size ?? 0 };
    this.asked.push(one);
    queueMicrotask(() => {
      this.upload.onprogress?.({ lengthComputable: true, loaded: one.bytes, total: one.bytes });
      const answer = this.serve(one);
      if (answer === null) {
        this.onerror();
        return;
      }
      this.status = answer.status;
      this.offset = answer.offset;
      this.responseText = answer.text ?? '';
      this.onload();
    });
  }

  abort(): void {
    this.onabort();
  }
}

function resumable(serve: Server) {
  const asked: Asked[] = [];
  const pauses: number[] = [];
  const tokens = new Tokens(storeWith(record('old')), () => Promise.resolve(record('new')), queue(), handover(), () => NOW);
  const pause = (ms: number) => {
    pauses.push(ms);
    return Promise.resolve();
  };
  const open = () => new Request(serve, asked) as unknown as XMLHttpRequest;
  return { asked, pauses, one: new Resumable(tokens, traces(), open, pause) };
}

/** Keeps what it is sent, but where `broken` says so. */
function keeping(broken: (asked: Asked, nth: number) => ReturnType<Server> | undefined = () => undefined) {
  let [kept, nth] = [0, 0];
  return (asked: Asked) => {
    const answer = broken(asked, ++nth);
    if (answer !== undefined) return answer;
    kept += asked.bytes;
    return { status: asked.method === 'HEAD' ? 200 : 204, offset: kept };
  };
}

describe('Resumable', () => {
  it('sends a file in pieces and tells of the whole', async () => {
    const { one, asked } = resumable(keeping());
    const told: number[] = [];
    await one.send('/uploads/1', FILE, { onProgress: (sent) => told.push(sent) });
    expect(asked.map(({ method, offset, bytes }) => [method, offset, bytes])).toEqual([
      ['HEAD', undefined, 0],
      ['PATCH', '0', PIECE],
      ['PATCH', String(PIECE), 5],
    ]);
    expect(told.at(-1)).toBe(1);
    expect(told.every((sent, index) => sent >= (told[index - 1] ?? 0))).toBe(true);
  });

  it('goes on after a break where the server stands', async () => {
    const { one, asked, pauses } = resumable(keeping((_, nth) => (nth === 3 ? null : undefined)));
    await one.send('/uploads/1', FILE);
    expect(asked.map(({ method, offset }) => [method, offset])).toEqual([
      ['HEAD', undefined],
      ['PATCH', '0'],
      ['PATCH', String(PIECE)],
      ['HEAD', undefined],
      ['PATCH', String(PIECE)],
    ]);
    expect(pauses).toEqual([1_000]);
  });

  it('gives up after some tries in vain, with growing pauses, and can be asked again', async () => {
    let down = true;
    const server = keeping(({ method }) => (down && method === 'PATCH' ? { status: 503 } : undefined));
    const { one, pauses } = resumable(server);
    await expect(one.send('/uploads/1', FILE)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000]);
    down = false;
    await one.send('/uploads/1', FILE);
  });

  it('renews a token that has ended between two pieces', async () => {
    const { one, asked } = resumable(keeping(({ token }) => (token === 'Bearer access-old' ? { status: 401 } : undefined)));
    await one.send('/uploads/1', FILE);
    expect(asked.map(({ token }) => token).slice(0, 2)).toEqual(['Bearer access-old', 'Bearer access-new']);
  });

  it("tells the server's word on the file, and sends no more", async () => {
    const text = '{"error":{"code":"NOT_AN_IMAGE","message":"This is no picture."}}';
    const { one, asked } = resumable(keeping(({ method }) => (method === 'PATCH' ? { status: 415, text } : undefined)));
    await expect(one.send('/uploads/1', FILE)).rejects.toEqual(new Refused('This is no picture.'));
    expect(asked).toHaveLength(2);
  });

  it('stops when it is cancelled', async () => {
    const { one, asked } = resumable(keeping());
    const cancelling = new AbortController();
    const onProgress = () => cancelling.abort();
    await expect(one.send('/uploads/1', FILE, { signal: cancelling.signal, onProgress })).rejects.toMatchObject({ name: 'AbortError' });
    expect(asked).toHaveLength(2);
  });
});
