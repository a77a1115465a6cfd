import type { CommonRecords } from "leadline/ports"
import { commitLaws } from "./CommitLaws.ts"
import { lawKit, type StoreUnderTest } from "./LawKit.ts"
import { logLaws } from "./LogLaws.ts"
import { modelLaw } from "./ModelLaw.ts"

/** The laws that every thin store keeps, whatever it holds. */
export const recordStoreLaws = <Records extends CommonRecords, Payload>(
  name: string,
  under: StoreUnderTest<Records, Payload>
): void => {
  const kit = lawKit(under)
  commitLaws(name, kit)
  logLaws(name, kit)
  modelLaw(name, kit)
}
