/** Starts a server on a free port of this machine, and tells its address on standard output. */
import { createServer } from 'node:http';

export async function listening() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${server.address().port}` };
}

export function ready(address) {
  process.stdout.write(`${address}\n`);
  // Whoever started this holds the other end of its standard input: with it, this ends.
  process.stdin.on('end', () => process.exit(0)).resume();
}

/** The clients and where their people come back to, as whoever started this wants them. */
export const clients = JSON.parse(process.env.CLIENTS);
