/** An operation's text together with the types of what goes in and what comes out. */
export interface Typed<Result, Variables> {
  readonly name: string;
  readonly text: string;
  /** Never set: it only carries the types. */
  readonly __types?: (variables: Variables) => Result;
}

export interface UserError {
  code: string;
  field: string[] | null;
  message: string;
}
