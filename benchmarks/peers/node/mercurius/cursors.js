/** A cursor is opaque: the keys of the row that it stands behind. */
export const encode = (...keys) => Buffer.from(JSON.stringify(keys)).toString('base64url');

export const decode = (cursor) => JSON.parse(Buffer.from(cursor, 'base64url').toString());
