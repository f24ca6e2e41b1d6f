/** The pack as a program of its own. The CLI holds the other end of its input: killed, it could end nobody. */
process.stdin.on('end', () => process.exit()).resume();
require('./index.js');
