/**
 * The plugin's entry. Where the pulumi CLI does not start pulumi-resource-aios beside it (on Windows), its language host starts
 * every plugin under ts-node, which checks types at each start and would compile once more what a loader of
 * PulumiPlugin.yaml's nodeargs had compiled; "typescript: false" is not heeded for plugins (pulumi/pulumi#20396). tsx,
 * registered after ts-node, takes its place, as for the program.
 */
require('tsx/cjs');
require('./serve.ts');
