/**
 * What a command is started with, `node --require ./operations/start.js operations/report/cli.ts`: tsx, and of the SDK only
 * what is used. A report runs no program, and would wait longer for the SDK than for everything else.
 */
const { loadLeast } = require('../infra/lean.js');

loadLeast();
require('tsx/cjs');
