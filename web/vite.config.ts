import { defineConfig } from 'vitest/config';

const backend = process.env.LETS_CONNECT_ORIGIN ?? 'http://127.0.0.1:8000';

export default defineConfig({
  esbuild: { jsx: 'automatic' },
  build: {
    target: 'es2022',
    // The policy allows no data: scripts or styles, and a small file is cached better than inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/graphql': { target: backend, ws: true },
      '/images': backend,
      '/uploads': backend,
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
