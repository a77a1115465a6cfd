import * as Append from "./append/Append.ts"
import type { Case } from "./Case.ts"
import * as Core from "./core/Core.ts"

/** All of them, in the order in which they run. */
export const cases: ReadonlyArray<Case> = [...Core.cases, ...Append.cases]
