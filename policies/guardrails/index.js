/** The pack's entry, as the pulumi CLI loads it: see policies/provider/index.js. */
require('tsx/cjs');
require('./pack.ts').serveGuardrails();
