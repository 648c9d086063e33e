// Branded identifiers: a string of one kind is never taken for another.

declare const brand: unique symbol;
type Brand<K extends string> = string & { readonly [brand]: K };

/** 32 hex digits; random, made once. */
export type VaultId = Brand<'VaultId'>;
export type ObjectId = Brand<'ObjectId'>;
export type PointId = Brand<'PointId'>;
export type SourceId = Brand<'SourceId'>;
export type PlanId = Brand<'PlanId'>;
export type RunId = Brand<'RunId'>;
/** Work that is waiting or under way; lives as long as that. */
export type JobId = Brand<'JobId'>;

/** Of a network share's password: user, server and share, lower case. */
export type ShareSecretName = `share:${string}`;
/** What a secret is kept under; a vault's passphrase under the vault's id alone. */
export type SecretName = VaultId | ShareSecretName;

const HEX_ID = /^[0-9a-f]{32}$/;

/** True for 32 lower-case hex digits. */
export function isHexId(text: string): boolean {
  return HEX_ID.test(text);
}

/** Brands a checked 32-hex string; throws RangeError on anything else. */
export function asId<T extends string>(text: string): T {
  if (!isHexId(text)) throw new RangeError(`not an id: ${text.slice(0, 40)}`);
  return text as T;
}
