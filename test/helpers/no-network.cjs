// Loaded before everything else: any try to reach another machine ends the process with a word that tests look for.
const { writeSync } = require('node:fs');

function refuse(name) {
  return () => {
    writeSync(2, `NETWORK ${name}\n`);
    process.exit(99);
  };
}

require('node:net').Socket.prototype.connect = refuse('connect');
require('node:net').Server.prototype.listen = refuse('listen');
require('node:dgram').createSocket = refuse('datagram');
for (const name of ['lookup', 'resolve']) require('node:dns')[name] = refuse(name);
for (const module of ['http', 'https']) require(`node:${module}`).request = refuse(module);
globalThis.fetch = refuse('fetch');
