// How a selection, a variable and an input of the graph are written in TypeScript.
import {
  Kind,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  isTypeSubTypeOf,
  typeFromAST,
} from 'graphql';

const SCALARS = {
  ID: 'string',
  String: 'string',
  Int: 'number',
  Float: 'number',
  Boolean: 'boolean',
  DateTime: 'string',
  Money: '{ amount: number; currency: string }',
  Upload: 'File',
  Line: 'Array<number | null>',
  Grid: 'number[][]',
};

function scalar(type) {
  const written = SCALARS[type.name];
  if (written === undefined) throw new Error(`the scalar ${type.name} has no TypeScript type in tools/codegen_types.mjs`);
  return written;
}

const enumText = (type) => type.getValues().map((value) => `'${value.name}'`).join(' | ');

/** Wraps `inner` in the lists and nulls of `type`. */
function wrapped(type, inner) {
  if (isNonNullType(type)) return bare(type.ofType, inner);
  return `${bare(type, inner)} | null`;
}

function bare(type, inner) {
  return isListType(type) ? `Array<${wrapped(type.ofType, inner)}>` : inner;
}

const indent = (text) => text.replaceAll('\n', '\n  ');

/** The fields that hold for one concrete type, those asked for twice merged into one. */
function collect(context, concrete, selections, fields = new Map()) {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const known = fields.get(key) ?? { name: selection.name.value, selections: [], optional: true };
      known.selections.push(...(selection.selectionSet?.selections ?? []));
      known.optional &&= (selection.directives ?? []).length > 0;
      fields.set(key, known);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? context.fragments.get(selection.name.value) : selection;
    const condition = fragment.typeCondition?.name.value;
    const applies = !condition || isTypeSubTypeOf(context.schema, concrete, context.schema.getType(condition));
    if (applies) collect(context, concrete, fragment.selectionSet.selections, fields);
  }
  return fields;
}

function concreteText(context, type, selections) {
  const lines = [...collect(context, type, selections)].map(([key, field]) => {
    const mark = field.optional ? '?' : '';
    if (field.name === '__typename') return `${key}${mark}: '${type.name}';`;
    const declared = type.getFields()[field.name].type;
    return `${key}${mark}: ${wrapped(declared, outputText(context, getNamedType(declared), field.selections))};`;
  });
  return `{\n  ${lines.map(indent).join('\n  ')}\n}`;
}

function outputText(context, type, selections) {
  if (isEnumType(type)) return type.name;
  if (isScalarType(type)) return scalar(type);
  if (!isAbstractType(type)) return soleFragment(context, type, selections) ?? concreteText(context, type, selections);
  const texts = context.schema.getPossibleTypes(type).map((member) => concreteText(context, member, selections));
  return `(${[...new Set(texts)].join(' | ')})`;
}

/** A selection that is nothing but one fragment of the same type keeps that fragment's name. */
function soleFragment(context, type, selections) {
  if (selections.length !== 1 || selections[0].kind !== Kind.FRAGMENT_SPREAD) return undefined;
  const fragment = context.fragments.get(selections[0].name.value);
  return fragment.typeCondition.name.value === type.name ? fragment.name.value : undefined;
}

export function fragmentType(context, fragment) {
  const type = context.schema.getType(fragment.typeCondition.name.value);
  return `export type ${fragment.name.value} = ${concreteText(context, type, fragment.selectionSet.selections)};`;
}

function inputText(type) {
  const named = getNamedType(type);
  return wrapped(type, isScalarType(named) ? scalar(named) : named.name);
}

function inputField(name, type, hasDefault) {
  return `${name}${!isNonNullType(type) || hasDefault ? '?' : ''}: ${inputText(type)};`;
}

export function operationTypes(context, operation) {
  const name = operation.name.value;
  const variables = (operation.variableDefinitions ?? []).map((definition) => {
    const type = typeFromAST(context.schema, definition.type);
    return inputField(definition.variable.name.value, type, definition.defaultValue !== undefined);
  });
  const declared = variables.length ? `{\n  ${variables.join('\n  ')}\n}` : 'Record<string, never>';
  const root = context.schema.getRootType(operation.operation);
  const result = concreteText(context, root, operation.selectionSet.selections);
  return `export type ${name}Variables = ${declared};\n\nexport type ${name}Result = ${result};`;
}

/** Every enum, and the inputs that the operations' variables reach. */
export function inputTypes(schema, operations) {
  const reached = new Set();
  const reach = (type) => {
    if (!isInputObjectType(type) || reached.has(type)) return;
    reached.add(type);
    for (const field of Object.values(type.getFields())) reach(getNamedType(field.type));
  };
  for (const operation of operations) {
    for (const definition of operation.variableDefinitions ?? []) reach(getNamedType(typeFromAST(schema, definition.type)));
  }
  const enums = Object.values(schema.getTypeMap()).filter((type) => isEnumType(type) && !type.name.startsWith('__'));
  const byName = (left, right) => (left.name < right.name ? -1 : 1);
  return [
    ...enums.sort(byName).map((type) => `export type ${type.name} = ${enumText(type)};`),
    ...[...reached].sort(byName).map((type) => {
      const fields = Object.values(type.getFields());
      const lines = fields.map((field) => inputField(field.name, field.type, field.defaultValue !== undefined));
      return `export type ${type.name} = {\n  ${lines.join('\n  ')}\n};`;
    }),
  ];
}
