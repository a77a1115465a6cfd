import { Effect } from "effect"
import * as Layout from "../../domain/panel/Layout.ts"
import { render } from "../../domain/panel/Rendering.ts"
import * as Record from "../../domain/record/Record.ts"
import type { MatchableRef } from "../../domain/record/RecordRef.ts"
import { Crm, type Viewer } from "../../ports/Crm.ts"
import type { Caller } from "../execution/Caller.ts"
import { publishedLayout } from "./ReadLayout.ts"

/** A record as the published layout of its kind shows it (I1, I3), with the name on its card. */
export const renderRecord = Effect.fnUntraced(function* (
  caller: Pick<Caller, "account">,
  viewer: Viewer,
  ref: MatchableRef
) {
  const crm = yield* Crm
  const record = yield* crm.read(caller.account, viewer, ref)
  const layout = yield* publishedLayout(caller, ref.kind)
  const registry = Layout.registryOf(yield* crm.fields(caller.account))
  const owner = yield* crm.user(caller.account, record.ownerId)
  const companyId = record._tag === "Person" ? record.companyId : null
  const company =
    companyId === null || !layout.fields.some((id) => id === "company")
      ? null
      : yield* Effect.catchTags(crm.read(caller.account, viewer, { kind: "company", id: companyId }), {
          RecordHidden: () => Effect.succeed(null),
          RecordNotFound: () => Effect.succeed(null)
        })
  const rendering =
    record._tag === "Deal"
      ? { fields: [], skipped: [] }
      : render(layout, record, registry, {
          user: () => owner?.name ?? null,
          company: () => (company === null ? null : Record.nameOf(company))
        })
  return { ref, name: Record.nameOf(record), ownerId: record.ownerId, layoutVersion: layout.version, ...rendering }
})
