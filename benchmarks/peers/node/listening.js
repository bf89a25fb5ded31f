/** Where a peer listens: the benchmark chooses the port, and waits until it answers. */
export const listening = { host: '127.0.0.1', port: Number(process.env.PORT) };

/** As many connections to PostgreSQL as the portal has, to the database that libpq's variables name. */
export const pooling = { max: Number(process.env.POOL_SIZE) };
