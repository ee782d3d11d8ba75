import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@nn\/([^/]+)$/, replacement: `${import.meta.dirname}/packages/$1/src/index.ts` },
      { find: /^@nn\/([^/]+)\/([^/]+)$/, replacement: `${import.meta.dirname}/packages/$1/src/$2/index.ts` },
    ],
  },
  test: {
    include: ['{packages,apps,fixtures}/*/test/**/*.test.ts'],
    setupFiles: ['tools/no-network.ts'],
    sequence: { shuffle: true },
    allowOnly: false,
    testTimeout: 30_000,
  },
});
