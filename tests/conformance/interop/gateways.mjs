// Other gateways and the reference reading of supergraphs, driven by lines of JSON on standard input and output.
//   {id, load: "apollo" | "hive", supergraph} -> {id} or {id, crash}: from now on that one is asked
//   {id, ask: {query, variables, operationName}} -> {id, answer}
//   {id, read: supergraph} -> {id, api, subgraphs: {name: {type: {…}}}} or {id, codes}
// On the way subgraphs are asked by {fetch, subgraph, query, variables, operationName}, answered by {fetched, answer}.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

for (const name of ["log", "info", "debug", "warn"]) console[name] = () => {};
const require = createRequire(process.env.INTEROP_MODULES + "/");
const { parse, print, validate, Source } = require("graphql");
const { ApolloGateway } = require("@apollo/gateway");
const federation = require("@apollo/federation-internals");
const hive = require("@graphql-hive/gateway-runtime");

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const fetches = new Map();
let number = 0;
const send = (message) => process.stdout.write(JSON.stringify(message) + "\n");

function askSubgraph(subgraph, query, variables, operationName) {
  const fetch = ++number;
  send({ fetch, subgraph, query, variables, operationName });
  return new Promise((resolve) => fetches.set(fetch, resolve));
}

async function apollo(supergraphSdl) {
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: quiet,
    buildService: ({ name }) => ({
      process: ({ request }) => askSubgraph(name, request.query, request.variables, request.operationName),
    }),
  });
  const { schema, executor } = await gateway.load();
  return {
    async ask(request) {
      const document = parse(request.query);
      const errors = validate(schema, document);
      if (errors.length) return { errors };
      const { data, errors: failed } = await executor({
        request, document, schema, source: new Source(request.query), queryHash: request.query,
        operationName: request.operationName ?? null, logger: quiet, metrics: {}, context: {}, cache: new Map(),
      });
      return { data, errors: failed };
    },
    close: () => gateway.stop(),
  };
}

async function hiveGateway(supergraph) {
  const gateway = hive.createGatewayRuntime({
    supergraph,
    logging: false,
    maskedErrors: false,
    landingPage: false,
    graphiql: false,
    transports: {
      http: {
        getSubgraphExecutor: ({ subgraphName }) => ({ document, variables, operationName }) =>
          askSubgraph(subgraphName, print(document), variables, operationName),
      },
    },
  });
  return {
    async ask(request) {
      const response = await gateway.fetch("http://gateway/graphql", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify(request),
      });
      return response.json();
    },
    close: () => gateway[Symbol.asyncDispose](),
  };
}

function fieldsOf(type, metadata) {
  const argument = (field, directive) => field.appliedDirectivesOf(directive.name)[0]?.arguments().fields ?? null;
  return Object.fromEntries(
    type.fields().filter((field) => !field.name.startsWith("_")).map((field) => [
      field.name,
      {
        type: String(field.type),
        external: metadata.isFieldExternal(field),
        requires: argument(field, metadata.requiresDirective()),
        provides: argument(field, metadata.providesDirective()),
      },
    ]),
  );
}

function typesOf({ schema, metadata }) {
  const found = {};
  const known = metadata();
  for (const type of schema.types()) {
    if (type.isIntrospectionType() || type.name.startsWith("_")) continue;
    if (type.kind === "UnionType") {
      found[type.name] = { kind: "union", possible: type.types().map((one) => one.name) };
    } else if (type.kind === "ObjectType" || type.kind === "InterfaceType") {
      const possible = type.kind === "ObjectType" ? [type] : type.possibleRuntimeTypes();
      found[type.name] = {
        kind: type.kind === "ObjectType" ? "object" : "interface",
        possible: possible.map((one) => one.name),
        interfaces: type.interfaces().map((one) => one.name),
        interfaceObject: known.isInterfaceObjectType(type),
        keys: type.appliedDirectivesOf(known.keyDirective().name).map((key) => {
          const { fields, resolvable } = key.arguments();
          return [fields, resolvable !== false];
        }),
        fields: fieldsOf(type, known),
      };
    }
  }
  return found;
}

function read(text) {
  try {
    const supportedFeatures = federation.ROUTER_SUPPORTED_SUPERGRAPH_FEATURES;
    const supergraph = federation.Supergraph.build(text, { supportedFeatures, validateSupergraph: true });
    const subgraphs = [...supergraph.subgraphs()].map((one) => [
      one.name,
      typesOf({ schema: one.schema, metadata: () => one.metadata() }),
    ]);
    return { api: federation.printSchema(supergraph.apiSchema()), subgraphs: Object.fromEntries(subgraphs) };
  } catch (error) {
    return { codes: (federation.errorCauses(error) ?? []).map((one) => federation.errorCodeDef(one)?.code ?? "NONE") };
  }
}

const kinds = { apollo, hive: hiveGateway };
let gateway;

async function answer({ load, supergraph, ask, read: text }) {
  if (text !== undefined) return read(text);
  if (ask !== undefined) return { answer: await gateway.ask(ask) };
  await gateway?.close();
  gateway = undefined;
  gateway = await kinds[load](supergraph);
  return {};
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.fetched !== undefined) {
    fetches.get(message.fetched)(message.answer);
    fetches.delete(message.fetched);
    continue;
  }
  answer(message).then(
    (found) => send({ id: message.id, ...found }),
    (error) => send({ id: message.id, crash: `${error.name}: ${error.message}` }),
  );
}
process.exit(0);
