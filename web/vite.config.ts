import { defineConfig } from 'vite';

// Relative URLs: the app is served below whatever path a proxy puts in front of the gateway. The output is a resource
// of the jar and lies in the repository, so that the build of the jar needs no Node.
export default defineConfig({
  base: './',
  build: {
    outDir: '../src/main/resources/postern/web/inbox',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
  server: { proxy: { '/v1': 'http://localhost:8080' } },
});
