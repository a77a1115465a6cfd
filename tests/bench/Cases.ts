import * as Answer from "./answer/Answer.ts"
import * as Append from "./append/Append.ts"
import type { Case } from "./Case.ts"
import * as Core from "./core/Core.ts"

import * as Deal from "./deal/Deal.ts"
import * as Feed from "./feed/Feed.ts"
import * as Growth from "./growth/Growth.ts"
import * as Http from "./http/Http.ts"
import * as Log from "./log/Log.ts"
import * as Match from "./match/Match.ts"
import * as Memory from "./memory/Memory.ts"
import * as Routing from "./routing/Routing.ts"

/** All of them, in the order in which they run. */
export const cases: ReadonlyArray<Case> = [
  ...Core.cases,
  ...Memory.cases,
  ...Routing.cases,
  ...Growth.cases,
  ...Append.cases,
  ...Answer.cases,
  ...Deal.cases,
  ...Match.cases,
  ...Feed.cases,
  ...Log.cases,
  ...Http.cases
]
