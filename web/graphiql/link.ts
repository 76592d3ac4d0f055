// An operation as an address: what GraphQL over HTTP calls its parts, so that the same address can be asked.

export interface Linked {
  query?: string;
  /** JSON, as it is written in the editor. */
  variables?: string;
  operationName?: string;
}

const PARTS = ['query', 'variables', 'operationName'] as const;

/** What an address has of an operation. */
export function linked(search: string): Linked {
  const given = new URLSearchParams(search);
  return Object.fromEntries(PARTS.flatMap((part) => (given.has(part) ? [[part, given.get(part)]] : [])));
}

/** The address of the page with an operation in it. */
export function linkTo(page: string, operation: Linked): string {
  const address = new URL(page);
  address.search = '';
  for (const part of PARTS) if (operation[part]) address.searchParams.set(part, operation[part]);
  return address.href;
}
