/**
 * Leadline over HTTP: the one definition that server, client and OpenAPI document are derived from.
 *
 * @module
 */
export { Api, VERSION } from "./Api.ts"
export {
  Answering,
  Authorization,
  CallerIdentity,
  type CallerKind,
  Callers,
  CurrentCaller,
  type Identity,
  kindsOf
} from "./Authorization.ts"
export * as Problem from "./Problem.ts"
export * as Refusals from "./Refusals.ts"
