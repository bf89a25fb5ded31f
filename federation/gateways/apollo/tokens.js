// The portal's access tokens, verified by the keys that it publishes before anything is forwarded.

import { GraphQLError } from 'graphql';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const KEPT_MILLISECONDS = 300_000;
// What says nothing about the token: the keys could not be fetched.
const AWAY = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'];

/**
 * A function that refuses bad tokens, of an issuer and for an audience; who sends none is not asked who they are.
 *
 * Keys are kept for minutes. For one that is not among them they are fetched again, after a pause at the soonest.
 */
export function verifier({ issuer, audience, pauseSeconds }) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), {
    cacheMaxAge: KEPT_MILLISECONDS,
    cooldownDuration: pauseSeconds * 1000,
  });
  const expected = { issuer, audience, algorithms: ['ES256'], typ: 'at+jwt', clockTolerance: 30, requiredClaims: ['exp', 'sub'] };
  return async (authorization) => {
    if (authorization === undefined) return;
    const token = authorization.match(/^Bearer +(\S+)$/i)?.[1] ?? '';
    try {
      await jwtVerify(token, keys, expected);
    } catch (error) {
      throw error instanceof errors.JOSEError && !AWAY.includes(error.code)
        ? refusal('The access token is bad, or has expired.', 'UNAUTHENTICATED', 401)
        : refusal("The portal's keys cannot be fetched.", 'UNAVAILABLE', 503);
    }
  };
}

function refusal(message, code, status) {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
