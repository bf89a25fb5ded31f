import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { listening } from '../listening.js';
import { loaders } from './loaders.js';
import { resolvers } from './resolvers.js';

const schema = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8');

const app = Fastify();
app.register(mercurius, { schema, resolvers, loaders, jit: 1 });
await app.listen(listening);
