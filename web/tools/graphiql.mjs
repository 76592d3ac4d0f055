// Bundles GraphiQL into the gateway's folder, from which it is served: esbuild, because Vite's own bundler takes ten
// times as long for the editor in it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const TARGET = at('../../gateway/edge/graphiql/');

/** The editor's styles are in graphiql/style.css already: they need not come by its modules as well. */
const NO_STYLES = {
  name: 'no-styles',
  setup({ onLoad }) {
    onLoad({ filter: /monaco-editor[\\/].*\.css$/ }, () => ({ contents: '', loader: 'empty' }));
  },
};

/** Prettier's old names are CommonJS, of which esbuild's chunks export nothing by name. */
const MODULES = {
  'prettier/parser-babel': 'prettier/plugins/babel',
  'prettier/parser-graphql': 'prettier/plugins/graphql',
};

/** What was written, by its path: of which entry it is, and what it imports. */
async function bundle(entryPoints, define = {}) {
  const { metafile } = await build({
    entryPoints,
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    absWorkingDir: at('..'),
    outdir: `${TARGET}assets`,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    target: 'es2022',
    metafile: true,
    logLevel: 'warning',
    plugins: [NO_STYLES],
    alias: MODULES,
  });
  return metafile.outputs;
}

function fileOf(outputs, entry) {
  return Object.keys(outputs).find((file) => outputs[file].entryPoint?.endsWith(entry));
}

/** A script with all that it imports before it runs. */
function whole(outputs, file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, kind } of outputs[file].imports) if (kind === 'import-statement') whole(outputs, path, found);
  return found;
}

const WORKERS = {
  editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
  graphql: 'monaco-graphql/esm/graphql.worker.js',
  json: 'monaco-editor/esm/vs/language/json/json.worker.js',
};
const MAIN = 'graphiql/main.tsx';
// GraphiQL asks for its editor when it is drawn itself: it had better be there by then.
const EDITOR = 'monaco-graphql/esm/monaco-editor.js';

rmSync(TARGET, { recursive: true, force: true });
const workers = await bundle(WORKERS);
const names = Object.entries(WORKERS).map(([name, entry]) => [name, `./${basename(fileOf(workers, entry))}`]);
const page = await bundle({ main: MAIN }, { WORKERS: JSON.stringify(Object.fromEntries(names)) });

const main = fileOf(page, MAIN);
const early = [...whole(page, main), ...whole(page, fileOf(page, EDITOR))].filter((file) => file !== main);
const address = (file) => `"/graphql/assets/${basename(file)}"`;
const tags = [
  `<link rel="stylesheet" href=${address(page[main].cssBundle)} />`,
  ...[...new Set(early)].map((file) => `<link rel="modulepreload" href=${address(file)} />`),
  `<script type="module" src=${address(main)}></script>`,
];
const template = readFileSync(at('../graphiql/page.html'), 'utf8');
writeFileSync(`${TARGET}index.html`, template.replace('<!-- FILES -->', tags.join('\n    ')));
