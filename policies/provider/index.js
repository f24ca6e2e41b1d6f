/**
 * The plugin's entry. Where the pulumi CLI does not start pulumi-resource-aios beside it (on Windows), its language host starts
 * every plugin under ts-node, which checks types at each start and would compile once more what a loader of
 * PulumiPlugin.yaml's nodeargs had compiled; "typescript: false" is not heeded for plugins (pulumi/pulumi#20396). tsx,
 * registered after ts-node, takes its place, as for the program.
 *
 * What the plugin uses of packages is loaded ahead of tsx, which would look into every file of theirs for something to compile:
 * 0.2 s of CPU time.
 */
require('@grpc/grpc-js');
require('@pulumi/pulumi/proto/engine_grpc_pb');
require('@pulumi/pulumi/proto/provider_grpc_pb');
require('tsx/cjs');
require('./serve.ts');
