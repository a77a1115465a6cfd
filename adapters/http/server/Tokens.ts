import { Context, type Effect } from "effect"
import type { Identity } from "../api/Authorization.ts"
import type * as Problem from "../api/Problem.ts"

/**
 * Who sent a token: pluggable. In the box: `SignedTokens` (JWT). `unavailable`: the keys to check it with cannot be had now.
 *
 * Asked on every request: whoever implements it keeps what it has verified for a while.
 */
export class Tokens extends Context.Service<
  Tokens,
  { readonly identify: (token: string) => Effect.Effect<Identity, Problem.Unauthenticated> }
>()("leadline/http/Tokens") {}
