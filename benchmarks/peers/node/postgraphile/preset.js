import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection';
import { makePgService } from 'postgraphile/adaptors/pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { pooling } from '../listening.js';

export default {
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
  pgServices: [makePgService({ poolConfig: pooling, schemas: ['peer_postgraphile'] })],
  schema: { defaultBehavior: '-insert -update -delete -resource:node' },
  grafserv: { graphiql: false, watch: false },
  grafast: { explain: false },
};
