/**
 * The program's entry, as package.json names it: plain JavaScript that compiles the rest with tsx as it loads. No language
 * host and no option of Pulumi.yaml has to see to that, and hosts that hand over none, where the SDK registers ts-node, check
 * no types: tsx, registered after it, takes its place. Types are the business of `make lint`, not of every preview.
 */
const { formatFewerStacks, loadLess } = require('./lean.js');

loadLess();
require('tsx/cjs');
formatFewerStacks();
module.exports = require('./index.ts');
