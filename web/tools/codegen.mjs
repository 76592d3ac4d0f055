// Writes src/graphql/generated.ts: one typed document for each operation, checked against schema.graphql.
// `node tools/codegen.mjs --check` writes nothing and fails when the committed file is not what would be written.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { Kind, buildSchema, concatAST, parse, print, validate, visit, stripIgnoredCharacters } from 'graphql';
import { fragmentType, inputTypes, operationTypes } from './codegen_types.mjs';

const at = (path) => new URL(path, import.meta.url);
const folder = at('../src/graphql/operations/');
const target = at('../src/graphql/generated.ts');

const schema = buildSchema(readFileSync(at('../schema.graphql'), 'utf8'));
const files = readdirSync(folder).filter((name) => name.endsWith('.graphql')).sort();
const document = concatAST(files.map((name) => parse(readFileSync(new URL(name, folder), 'utf8'), { noLocation: true })));

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

function typedDocument(operation) {
  const name = operation.name.value;
  const parts = [operation, ...[...fragmentsOf(operation)].sort().map((fragment) => fragments.get(fragment))];
  const text = stripIgnoredCharacters(parts.map(print).join('\n'));
  const types = `Typed<${name}Result, ${name}Variables>`;
  return `export const ${name}: ${types} = {\n  name: '${name}',\n  text: ${JSON.stringify(text)},\n};`;
}

const context = { schema, fragments };
const output = [
  '// Written by `npm run codegen` from schema.graphql and operations/*.graphql. Do not edit.',
  "import type { Typed } from './document';",
  ...inputTypes(schema, operations),
  ...[...fragments.values()].map((fragment) => fragmentType(context, fragment)),
  ...operations.map((operation) => operationTypes(context, operation)),
  ...operations.map(typedDocument),
].join('\n\n');

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== `${output}\n`) {
    console.error('src/graphql/generated.ts is not current: run `npm run codegen`');
    process.exit(1);
  }
} else {
  writeFileSync(target, `${output}\n`);
}
