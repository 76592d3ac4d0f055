// One JSON line in, {id, subgraphs: [{name, url, sdl}], mergeOnly}; one out:
// {id, errors: [{code, message}], hints: [{code, message}], supergraph, api, cpu}, or {id, crash}. cpu is in seconds.
// With mergeOnly there is a supergraph of what merges, although it may not be satisfiable.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(process.env.ORACLE_MODULES + "/");
const { composeServices } = require("@apollo/composition");
const { printSchema } = require("@apollo/federation-internals");
const { parse } = require("graphql");

function merged(services) {
  return composeServices(services, { runSatisfiability: false }).supergraphSdl;
}

function compose(subgraphs, mergeOnly) {
  let services;
  try {
    services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
  } catch (error) {
    return { errors: [{ code: "INVALID_GRAPHQL", message: error.message }], hints: [] };
  }
  const result = composeServices(services);
  if (result.errors) {
    const errors = result.errors.map((e) => ({ code: e.extensions?.code ?? "INVALID_GRAPHQL", message: e.message }));
    return { errors, hints: [], supergraph: mergeOnly ? merged(services) : undefined };
  }
  const hints = result.hints.map((h) => ({ code: h.definition.code, message: h.message }));
  const api = printSchema(result.schema.toAPISchema());
  return { errors: [], hints, supergraph: result.supergraphSdl, api };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, subgraphs, mergeOnly } = JSON.parse(line);
  const before = process.cpuUsage();
  let answer;
  try {
    answer = compose(subgraphs, mergeOnly);
  } catch (error) {
    answer = { crash: `${error.name}: ${error.message}` };
  }
  const { user, system } = process.cpuUsage(before);
  const memory = process.resourceUsage().maxRSS;
  process.stdout.write(JSON.stringify({ id, ...answer, cpu: (user + system) / 1e6, memory }) + "\n");
}
