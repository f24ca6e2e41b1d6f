/** The plugin's entry: it has tsx compile what it loads. */
require('tsx/cjs');
require('./serve.ts');
