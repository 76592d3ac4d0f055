// Writes src/graphql/generated.ts: one typed document for each operation, checked against schema.graphql; src/ops/generated.ts:
// the same for the operators' page and ops.graphql; and
// infra/operations.json: the same documents as a manifest of persisted queries, in the form that Apollo's tools write
// and read, for the servers to prepare before they are asked.
// `node tools/codegen.mjs --check` writes nothing and fails when a committed file is not what would be written.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { Kind, buildSchema, concatAST, parse, print, validate, visit, stripIgnoredCharacters } from 'graphql';
import { fragmentType, inputTypes, operationTypes } from './codegen_types.mjs';

const at = (path) => new URL(path, import.meta.url);

const GRAPHS = [
  {
    schema: '../schema.graphql',
    folder: '../src/graphql/operations/',
    target: '../src/graphql/generated.ts',
    document: './document',
    manifest: '../../infra/operations.json',
  },
  // The operators' own, which the servers need not prepare for.
  {
    schema: '../ops.graphql',
    folder: '../src/ops/operations/',
    target: '../src/ops/generated.ts',
    document: '../graphql/document',
  },
];

function generate({ schema: schemaFile, folder, target, document: typed, manifest }) {
  const schema = buildSchema(readFileSync(at(schemaFile), 'utf8'));
  const files = readdirSync(at(folder)).filter((name) => name.endsWith('.graphql')).sort();
  const read = (name) => parse(readFileSync(new URL(name, at(folder)), 'utf8'), { noLocation: true });
  const document = concatAST(files.map(read));

  const problems = validate(schema, document);
  if (problems.length > 0) {
    for (const problem of problems) console.error(problem.message);
    process.exit(1);
  }

  const fragments = new Map(
    document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
  );
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);

  function fragmentsOf(node, found = new Set()) {
    visit(node, {
      FragmentSpread(spread) {
        const name = spread.name.value;
        if (found.has(name)) return;
        found.add(name);
        fragmentsOf(fragments.get(name), found);
      },
    });
    return found;
  }

  function textOf(operation) {
    const parts = [operation, ...[...fragmentsOf(operation)].sort().map((fragment) => fragments.get(fragment))];
    return stripIgnoredCharacters(parts.map(print).join('\n'));
  }

  function typedDocument(operation) {
    const name = operation.name.value;
    const text = textOf(operation);
    const types = `Typed<${name}Result, ${name}Variables>`;
    return `export const ${name}: ${types} = {\n  name: '${name}',\n  text: ${JSON.stringify(text)},\n};`;
  }

  function persisted(operation) {
    const body = textOf(operation);
    return { id: createHash('sha256').update(body).digest('hex'), name: operation.name.value, type: operation.operation, body };
  }

  const context = { schema, fragments };
  const output = [
    '// Written by `npm run codegen` from ' + schemaFile.slice(3) + ' and operations/*.graphql. Do not edit.',
    `import type { Typed } from '${typed}';`,
    ...inputTypes(schema, operations),
    ...[...fragments.values()].map((fragment) => fragmentType(context, fragment)),
    ...operations.map((operation) => operationTypes(context, operation)),
    ...operations.map(typedDocument),
  ].join('\n\n');

  const written = [[at(target), `${output}\n`]];
  if (manifest !== undefined) {
    const list = { format: 'apollo-persisted-query-manifest', version: 1, operations: operations.map(persisted) };
    written.push([at(manifest), `${JSON.stringify(list, null, 1)}\n`]);
  }
  return written;
}

for (const [file, text] of GRAPHS.flatMap(generate)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${file.pathname} is not current: run \`npm run codegen\``);
    process.exit(1);
  }
}
