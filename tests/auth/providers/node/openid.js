/**
 * A real OpenID provider. Whoever signs in is known by the login, with any password.
 *
 * A login may begin with words that say what is special about it, each with a dot behind: `business`,
 * `unverified`, `nomail`, or one of the misdeeds below, by which the provider sends a bad ID token.
 */
import { exportJWK, generateKeyPair, SignJWT, decodeJwt } from 'jose';
import Provider from 'oidc-provider';
import { clients, listening, ready } from './listening.js';

const { server, address } = await listening();

async function key(alg, kid) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(privateKey)), alg, kid, use: 'sig' } };
}

const first = await key('RS256', 'first');
const second = await key('ES256', 'second');
const rotated = await key('ES256', 'rotated');
const foreign = await key('RS256', 'first');
let hasRotated = false;

const now = () => Math.floor(Date.now() / 1000);

function signed(claims, { privateKey, jwk }, header = {}) {
  return new SignJWT(claims).setProtectedHeader({ alg: jwk.alg, kid: jwk.kid, ...header }).sign(privateKey);
}

function encoded(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** From the good ID token's claims to a bad one. */
const misdeeds = {
  tampered: (claims, token) => {
    const [header, , signature] = token.split('.');
    return [header, encoded({ ...claims, sub: 'somebody-else' }), signature].join('.');
  },
  'other-audience': (claims) => signed({ ...claims, aud: 'another-client' }, first),
  'more-audiences': (claims) => signed({ ...claims, aud: [claims.aud, 'another-client'], azp: 'another-client' }, first),
  'other-issuer': (claims) => signed({ ...claims, iss: 'https://another.test' }, first),
  'other-nonce': (claims) => signed({ ...claims, nonce: 'another' }, first),
  'no-nonce': ({ nonce, ...claims }) => signed(claims, first),
  'other-hash': (claims) => signed({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }, first),
  'good-hash': (claims) => signed(claims, first),
  expired: (claims) => signed({ ...claims, exp: now() - 40 }, first),
  'just-expired': (claims) => signed({ ...claims, exp: now() - 10 }, first),
  'from-the-future': (claims) => signed({ ...claims, iat: now() + 90 }, first),
  'a-little-ahead': (claims) => signed({ ...claims, iat: now() + 20 }, first),
  unsigned: (claims) => `${encoded({ alg: 'none' })}.${encoded(claims)}.`,
  secret: (claims) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(clients[0].client_secret)),
  'foreign-key': (claims) => signed(claims, foreign),
  'unknown-key': (claims) => signed(claims, rotated, { kid: 'nobody-knows' }),
  rotated: (claims) => {
    hasRotated = true;
    return signed(claims, rotated);
  },
  'no-subject': ({ sub, ...claims }) => signed(claims, first),
  'no-token': () => undefined,
};

const provider = new Provider(address, {
  clients: clients.map((client) => ({ grant_types: ['authorization_code'], ...client })),
  jwks: { keys: [first.jwk, second.jwk] },
  cookies: { keys: ['for these tests alone'] },
  claims: { openid: ['sub', 'person_type', 'organization'], email: ['email', 'email_verified'] },
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      ...(id.startsWith('nomail.') ? {} : { email: `${id}@mail.test`, email_verified: !id.startsWith('unverified.') }),
      person_type: id.startsWith('business.') ? 'LEGAL' : 'NATURAL',
      organization: { registration: `organization-of-${id}` },
    }),
  }),
  pkce: { required: () => true },
  responseTypes: ['code'],
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
});

provider.use(async (context, next) => {
  await next();
  if (context.path === '/jwks' && hasRotated) {
    const { d, ...open } = rotated.jwk;
    context.body = { keys: [...context.body.keys, open] };
  }
  if (context.path === '/me' && context.body.sub?.startsWith('other-person.')) {
    context.body = { ...context.body, sub: 'somebody-else' };
  }
  if (context.path === '/token' && context.body.id_token) {
    const claims = decodeJwt(context.body.id_token);
    const misdeed = misdeeds[claims.sub.split('.')[0]];
    if (misdeed) context.body = { ...context.body, id_token: await misdeed(claims, context.body.id_token) };
  }
});

server.on('request', provider.callback());
ready(address);
