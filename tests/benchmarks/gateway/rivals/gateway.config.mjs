// Hive Gateway as it comes; RUST=1 plans and executes by its router's Rust, SHARE=0 fetches for each request alone.
import { defineConfig } from '@graphql-hive/gateway';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

const { SUPERGRAPH, PORT, RUST, SHARE } = process.env;

export const gatewayConfig = defineConfig({
  supergraph: SUPERGRAPH,
  host: '127.0.0.1',
  port: Number(PORT),
  fork: 1,
  logging: false,
  ...(RUST === '1' ? { unifiedGraphHandler } : {}),
  ...(SHARE === '0' ? { transportEntries: { '*.http': { options: { deduplicateInflightRequests: false } } } } : {}),
});
