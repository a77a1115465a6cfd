/**
 * Leadline over HTTP: the one definition that server, client and OpenAPI document are derived from.
 *
 * @module
 */
export { Api, VERSION } from "./Api.ts"
export { Answering, Authorization, CallerIdentity, CurrentCaller, type Identity } from "./Authorization.ts"
export * as Problem from "./Problem.ts"
export * as Refusals from "./Refusals.ts"
