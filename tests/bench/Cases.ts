import * as Append from "./append/Append.ts"
import type { Case } from "./Case.ts"

/** All of them, in the order in which they run. */
export const cases: ReadonlyArray<Case> = [...Append.cases]
