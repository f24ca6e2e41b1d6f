/** The pack's entry, as the pulumi CLI loads it: packages first and tsx then, see policies/provider/index.js. */
require('@pulumi/policy');
require('tsx/cjs');
require('./pack.ts').serveGuardrails();
