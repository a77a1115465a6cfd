import type { CommonRecords } from "../../ports/RecordStore.ts"
import type { Law } from "./Law.ts"
import { storeCommitLaws } from "./StoreCommitLaws.ts"
import { type StoreUnderTest, storeKit } from "./StoreKit.ts"
import { storeLogLaws } from "./StoreLogLaws.ts"
import { storeModelLaw } from "./StoreModelLaw.ts"
import { storeRaceLaws } from "./StoreRaceLaws.ts"
import { storeReadLaws } from "./StoreReadLaws.ts"
import { storeTextLaws } from "./StoreTextLaws.ts"

/** The laws that every thin store keeps, whatever it holds. */
export const storeLaws = <R, Records extends CommonRecords, Payload>(
  under: StoreUnderTest<R, Records, Payload>
): ReadonlyArray<Law<R>> => {
  const kit = storeKit(under)
  return [
    ...storeReadLaws(kit),
    ...storeCommitLaws(kit),
    ...storeRaceLaws(kit),
    ...storeLogLaws(kit),
    ...storeTextLaws(kit),
    storeModelLaw(kit)
  ]
}
