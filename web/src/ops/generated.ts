// Written by `npm run codegen` from ops.graphql and operations/*.graphql. Do not edit.

import type { Typed } from '../graphql/document';

export type Sort = 'P50' | 'P95' | 'P99' | 'RATE' | 'ERRORS' | 'PER_OPERATION' | 'LOAD' | 'NAME';

export type OpsInput = {
  sort?: Sort;
  reverse?: boolean;
  search?: string;
  service?: string;
  first?: number;
  offset?: number;
  resolver?: string;
  operation?: string;
  trace?: string;
};

export type ResolverParts = {
  service: string;
  typeName: string;
  field: string;
  rate: number;
  perOperation: number;
  errors: number;
  load: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  line: Array<number | null>;
};

export type HeatParts = {
  bounds: Array<number>;
  columns: number[][];
  columnSeconds: number;
};

export type SlowParts = {
  key: string;
  name: string;
  seconds: number;
  at: number;
  failed: boolean;
  traceId: string;
  steps: Array<{
    number: number;
    subgraph: string;
    path: string;
    condition: string;
    depth: number;
    after: Array<number>;
    began: number | null;
    seconds: number | null;
    representations: number;
    requests: number;
    outcome: string;
    resolvers: Array<{
      typeName: string;
      field: string;
      executions: number;
      seconds: number;
      longest: number;
    }>;
  }>;
};

export type TraceParts = {
  id: string;
  name: string;
  at: number;
  seconds: number;
  leftOut: number;
  spans: Array<{
    name: string;
    service: string;
    detail: string;
    depth: number;
    began: number;
    seconds: number;
    failed: boolean;
  }>;
};

export type OpsVariables = {
  given: OpsInput;
};

export type OpsResult = {
  ops: {
    at: number;
    windowSeconds: number;
    historySeconds: number;
    away: Array<string>;
    services: Array<{
      name: string;
      ready: boolean;
      reason: string;
      rate: number;
      errors: number;
      p50: number | null;
      p95: number | null;
      p99: number | null;
      database: boolean | null;
      cache: boolean | null;
      breakers: Array<string>;
    }>;
    resolverServices: Array<string>;
    total: number;
    resolvers: Array<ResolverParts>;
    heat: HeatParts;
    operations: Array<{
      key: string;
      name: string;
      kind: string;
      rate: number;
      errors: number;
      p50: number | null;
      p95: number | null;
      p99: number | null;
    }>;
    slowest: SlowParts | null;
    caches: Array<{
      service: string;
      name: string;
      share: number;
      asked: number;
    }>;
    loaders: Array<{
      service: string;
      name: string;
      batches: number;
      keys: number;
    }>;
    queues: Array<{
      service: string;
      name: string;
      value: number;
      unit: string;
    }>;
    alerts: Array<{
      name: string;
      severity: string;
      summary: string;
    }>;
    traces: Array<{
      id: string;
      name: string;
      at: number;
      seconds: number;
      failed: boolean;
      spans: number;
    }>;
    trace: TraceParts | null;
  };
};

export const Ops: Typed<OpsResult, OpsVariables> = {
  name: 'Ops',
  text: "subscription Ops($given:OpsInput!){ops(given:$given){at windowSeconds historySeconds away services{name ready reason rate errors p50 p95 p99 database cache breakers}resolverServices total resolvers{...ResolverParts}heat{...HeatParts}operations{key name kind rate errors p50 p95 p99}slowest{...SlowParts}caches{service name share asked}loaders{service name batches keys}queues{service name value unit}alerts{name severity summary}traces{id name at seconds failed spans}trace{...TraceParts}}}fragment HeatParts on Heat{bounds columns columnSeconds}fragment ResolverParts on ResolverRow{service typeName field rate perOperation errors load p50 p95 p99 line}fragment SlowParts on SlowOperation{key name seconds at failed traceId steps{number subgraph path condition depth after began seconds representations requests outcome resolvers{typeName field executions seconds longest}}}fragment TraceParts on Waterfall{id name at seconds leftOut spans{name service detail depth began seconds failed}}",
};
