/** Why an operation gave no data: a fault of the network, of the request or of the server, with the graph's code. */
export class GraphQLFailure extends Error {
  readonly code: string;
  /** By which whoever runs the server finds what went wrong; null where that was not the server's doing. */
  readonly trace: string | null;

  constructor(code: string, message: string, trace: string | null = null) {
    super(message);
    this.name = 'GraphQLFailure';
    this.code = code;
    this.trace = OURS.test(code) ? trace : null;
  }

  /** In one line of text. */
  get told(): string {
    return this.trace === null ? this.message : `${this.message} ${SUPPORT} ${this.trace}`;
  }
}

export const SUPPORT = 'If it goes on, tell support this number:';

export interface GraphQLErrorEntry {
  message: string;
  path?: Array<string | number>;
  extensions?: { code?: string };
}

export interface GraphQLAnswer<Data> {
  data?: Data | null;
  errors?: GraphQLErrorEntry[];
  /** The id of the request's trace. */
  trace?: string;
}

/** What the server could not do, rather than would not. */
const OURS = /^(DOWNSTREAM_SERVICE_ERROR|INTERNAL|INTERNAL_SERVER_ERROR|OVERLOADED|REQUEST_TIMEOUT|SERVICE_UNAVAILABLE|SUBREQUEST_\w+)$/;

const PLAIN: Record<string, string> = {
  NETWORK: 'The server cannot be reached. Check the connection and try again.',
  RATE_LIMITED: 'That was a lot at once. Wait a moment and try again.',
  UNAUTHENTICATED: 'Your session has ended. Please sign in again.',
  INTERNAL: 'Something went wrong on our side. Please try again.',
};

export function failure(code: keyof typeof PLAIN): GraphQLFailure {
  return new GraphQLFailure(code, PLAIN[code] ?? code);
}

export function isUnauthenticated(answer: GraphQLAnswer<unknown>): boolean {
  return (answer.errors ?? []).some((error) => error.extensions?.code === 'UNAUTHENTICATED');
}

/** What a response's body says; whatever is no GraphQL answer becomes an error with a code. */
export function parseAnswer<Data>(status: number, text: string, trace?: string): GraphQLAnswer<Data> {
  const answer = parsed<Data>(text);
  const of = trace === undefined ? {} : { trace };
  if (status === 401) return { errors: [{ message: '', extensions: { code: 'UNAUTHENTICATED' } }] };
  if (answer !== null && (answer.data !== undefined || answer.errors !== undefined)) return { ...answer, ...of };
  const code = status === 429 ? 'RATE_LIMITED' : status === 413 ? 'TOO_LARGE' : 'INTERNAL';
  const message = status === 413 ? 'This file is larger than the server takes.' : '';
  return { errors: [{ message, extensions: { code } }], ...of };
}

function parsed<Data>(text: string): GraphQLAnswer<Data> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

/** Data that came, even in part, is used; without any, the first error is thrown. */
export function dataOf<Data>(answer: GraphQLAnswer<Data>): Data {
  if (answer.data !== undefined && answer.data !== null) return answer.data;
  const first = answer.errors?.[0];
  const code = first?.extensions?.code ?? 'INTERNAL';
  const said = OURS.test(code) ? PLAIN.INTERNAL : first?.message;
  throw new GraphQLFailure(code, PLAIN[code] ?? (said || PLAIN.INTERNAL || code), answer.trace);
}

export function asFailure(error: unknown): GraphQLFailure {
  return error instanceof GraphQLFailure ? error : failure('INTERNAL');
}
