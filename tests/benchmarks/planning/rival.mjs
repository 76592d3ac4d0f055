// One JSON line in, {sdl, query, labels, runs}; one out: {requests, seconds, plan} or {failure}. seconds is the best of runs.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(process.env.RIVAL_MODULES + "/");
const { QueryPlanner, prettyFormatQueryPlan } = require("@apollo/query-planner");
const { Supergraph, operationFromDocument } = require("@apollo/federation-internals");
const { parse } = require("graphql");

let known = { sdl: null };

function planner(sdl) {
  if (known.sdl !== sdl) {
    const supergraph = Supergraph.build(sdl, { supportedFeatures: null });
    known = { sdl, supergraph, planner: new QueryPlanner(supergraph) };
  }
  return known;
}

function requests(node) {
  if (Array.isArray(node)) return node.reduce((sum, one) => sum + requests(one), 0);
  if (!node || typeof node !== "object") return 0;
  if (node.kind === "Fetch") return 1;
  const parts = ["node", "nodes", "ifClause", "elseClause", "primary", "rest"];
  return parts.reduce((sum, part) => sum + requests(node[part]), 0);
}

function answer({ sdl, query, labels, runs }) {
  const { supergraph, planner: rival } = planner(sdl);
  const operation = operationFromDocument(supergraph.apiSchema(), parse(query));
  const options = { overrideConditions: new Map(labels.map((label) => [label, true])) };
  let plan = rival.buildQueryPlan(operation, options);
  for (let run = 0; run < runs; run++) rival.buildQueryPlan(operation, options);
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const started = process.hrtime.bigint();
    plan = rival.buildQueryPlan(operation, options);
    best = Math.min(best, Number(process.hrtime.bigint() - started) / 1e9);
  }
  return { requests: requests(plan.node), seconds: best, plan: prettyFormatQueryPlan(plan) };
}

for await (const line of createInterface({ input: process.stdin })) {
  let found;
  try {
    found = answer(JSON.parse(line));
  } catch (error) {
    found = { failure: `${error.name}: ${error.message}` };
  }
  process.stdout.write(JSON.stringify(found) + "\n");
}
