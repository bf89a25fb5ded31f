/**
 * A plain OAuth 2 provider: nothing is signed, and userinfo tells who came, in the form of either of
 * two well-known ones. The client's id begins with which one: `headed` takes the token in a header of
 * the scheme OAuth; `nested` has public clients, wants `device_id` again, takes the token in a form,
 * and answers with an object within an object.
 */
import OAuth2Server from '@node-oauth/oauth2-server';
import { clients, listening, ready } from './listening.js';

const { server, address } = await listening();
const { Request, Response } = OAuth2Server;
const DEVICE = 'device-of-these-tests';
const codes = new Map();
const tokens = new Map();

const oauth = new OAuth2Server({
  model: {
    async getClient(id, secret) {
      const client = clients.find((each) => each.client_id === id);
      const isKnown = client && (secret === null || (client.client_secret ?? undefined) === (secret || undefined));
      return isKnown && { id, redirectUris: client.redirect_uris, grants: ['authorization_code'] };
    },
    async saveAuthorizationCode(code, client, user) {
      codes.set(code.authorizationCode, { ...code, client, user });
      return codes.get(code.authorizationCode);
    },
    async getAuthorizationCode(code) {
      return codes.get(code);
    },
    async revokeAuthorizationCode({ authorizationCode }) {
      return codes.delete(authorizationCode);
    },
    async saveToken(token, client, user) {
      tokens.set(token.accessToken, { ...token, client, user });
      return tokens.get(token.accessToken);
    },
    async getAccessToken(token) {
      return tokens.get(token);
    },
  },
});

const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const form = (query) => `<form method="post" action="/authorize?${escaped(query)}">
  <input name="login"><input name="password" type="password">
  <button name="answer" value="allow">Allow</button><button name="answer" value="deny">Deny</button></form>`;

function person(login) {
  const email = login.startsWith('nomail.') ? undefined : `${login}@mail.test`;
  return { id: login, email };
}

const flavours = {
  headed: {
    token: ({ headers }) => headers.authorization?.match(/^OAuth (.+)$/)?.[1],
    answer: ({ id, email }) => ({ id: [...id].reduce((sum, each) => sum * 31 + each.charCodeAt(0), 7) % 1e9, default_email: email }),
    accepts: () => true,
  },
  nested: {
    token: ({ method, body }) => (method === 'POST' ? body.access_token : undefined),
    answer: ({ id, email }) => ({ user: { user_id: id, email, verified: !id.startsWith('unverified.') } }),
    accepts: (body) => body.device_id === DEVICE,
  },
};

const flavourOf = (clientId) => flavours[clientId.split('-')[0]];

async function authorize(request, query) {
  if (request.method === 'GET') return { status: 200, type: 'text/html', text: form(query) };
  const allowed = request.body.answer === 'allow' ? 'true' : 'false';
  const response = new Response({});
  const asked = new Request({ ...request, query: { ...request.query, allowed } });
  const authenticateHandler = { handle: () => ({ id: request.body.login }) };
  await oauth.authorize(asked, response, { authenticateHandler }).catch(() => undefined);
  if (!response.headers.location) return { status: 400, type: 'text/plain', text: 'bad request' };
  const location = new URL(response.headers.location);
  if (location.searchParams.has('code')) location.searchParams.set('device_id', DEVICE);
  return { status: 303, location: location.href };
}

async function token(request) {
  const response = new Response({});
  const id = request.body.client_id ?? Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64').toString();
  if (!flavourOf(id)?.accepts(request.body)) return { status: 400, json: { error: 'invalid_request' } };
  await oauth.token(new Request(request), response).catch(() => undefined);
  return { status: response.status, json: response.body };
}

function userinfo(request) {
  for (const flavour of Object.values(flavours)) {
    const found = tokens.get(flavour.token(request));
    if (found && flavourOf(found.client.id) === flavour) return { status: 200, json: flavour.answer(person(found.user.id)) };
  }
  return { status: 401, json: { error: 'invalid_token' } };
}

async function read(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const url = new URL(incoming.url, address);
  return {
    method: incoming.method,
    path: url.pathname,
    headers: incoming.headers,
    query: Object.fromEntries(url.searchParams),
    search: url.searchParams.toString(),
    body: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
  };
}

async function answered(request) {
  if (request.path === '/authorize') return authorize(request, request.search);
  if (request.path === '/token') return token(request);
  if (request.path === '/info') return userinfo(request);
  return { status: 404, text: 'not found' };
}

server.on('request', async (incoming, outgoing) => {
  const answer = await answered(await read(incoming));
  const headers = answer.location ? { location: answer.location } : { 'content-type': answer.type ?? 'application/json' };
  outgoing.writeHead(answer.status, headers).end(answer.text ?? JSON.stringify(answer.json));
});
ready(address);
