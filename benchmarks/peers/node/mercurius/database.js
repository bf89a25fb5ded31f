import pg from 'pg';
import { pooling } from '../listening.js';

const pool = new pg.Pool(pooling);

/** A statement that PostgreSQL plans once a connection; answers its rows. */
export function statement(name, text) {
  return async (...values) => (await pool.query({ name, text, values })).rows;
}
