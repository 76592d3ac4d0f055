// Where the editor's workers are: tools/graphiql.mjs bundles them first and says what they are called then.
declare const WORKERS: Record<'editor' | 'graphql' | 'json', string>;

const MonacoEnvironment = {
  getWorker: (_id: string, label: string) => {
    const name = label === 'graphql' || label === 'json' ? label : 'editor';
    return new Worker(new URL(WORKERS[name], import.meta.url), { type: 'module' });
  },
};

Object.assign(globalThis, { MonacoEnvironment });
