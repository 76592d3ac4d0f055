import { withToken } from './client';
import type { Typed } from './document';
import { parseAnswer, type GraphQLAnswer } from './errors';
import type { Tokens } from './tokens';
import type { Traces } from './trace';
import { transfer, type OpenRequest, type UploadProgress } from './transfer';

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

  private async attempt<Data>(
    operation: string,
    body: FormData,
    token: string | null,
    progress: UploadProgress,
  ): Promise<GraphQLAnswer<Data>> {
    const traced = this.traces.request(operation);
    const headers = {
      Accept: 'application/json',
      // A form can be sent from any site; this header cannot, and the server asks for one such.
      'Apollo-Require-Preflight': '1',
    };
    const outbound = { method: 'POST', address: this.endpoint, headers, token, body };
    const { status, text } = await transfer(this.open, outbound, traced, progress);
    return parseAnswer<Data>(status, text, traced.trace);
  }
}
