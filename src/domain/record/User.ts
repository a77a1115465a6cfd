import { Schema } from "effect"
import { TeamId, UserId } from "../account/Id.ts"

/**
 * What a user may see of the CRM (E2, J1): every record; those of the own team and of everybody who reports to them,
 * directly or not; or only their own.
 */
export const Visibility = Schema.Literals(["all", "team", "own"])
export type Visibility = typeof Visibility.Type

/** A person of the account with a CRM licence. */
export const User = Schema.Struct({
  id: UserId,
  name: Schema.String,
  email: Schema.String,
  isActive: Schema.Boolean,
  /** Their manager. Cycles are refused when written (F5). */
  reportsTo: Schema.NullOr(UserId),
  isAccountOwner: Schema.Boolean,
  isCrmAdministrator: Schema.Boolean,
  teams: Schema.Array(TeamId),
  groups: Schema.Array(TeamId),
  visibility: Visibility
})
export type User = typeof User.Type

/** All users of an account by id: what owner decisions and visibility are computed from. */
export type Directory = ReadonlyMap<UserId, User>

/** `reportsTo` would close a circle (F5). */
export const ReportingCycle = Schema.TaggedStruct("ReportingCycle", { userId: UserId, path: Schema.Array(UserId) })
export type ReportingCycle = typeof ReportingCycle.Type

/** The managers above a user, nearest first. Ends at a missing manager, and at a circle in foreign data. */
export const managersOf = (directory: Directory, userId: UserId): ReadonlyArray<User> => {
  const seen = new Set<UserId>([userId])
  const chain: Array<User> = []
  let next = directory.get(userId)?.reportsTo ?? null
  while (next !== null && !seen.has(next)) {
    seen.add(next)
    const manager = directory.get(next)
    if (manager === undefined) break
    chain.push(manager)
    next = manager.reportsTo
  }
  return chain
}

/** The circle that `reportsTo` would close, or `null` (F5). */
export const cycleWith = (directory: Directory, userId: UserId, reportsTo: UserId | null): ReportingCycle | null => {
  if (reportsTo === null) return null
  const path = [reportsTo, ...managersOf(directory, reportsTo).map((manager) => manager.id)]
  const at = path.indexOf(userId)
  return at < 0 ? null : { _tag: "ReportingCycle", userId, path: path.slice(0, at + 1) }
}

/** Whether `viewer` may see a record owned by `owner` (E2, J1). */
export const maySeeRecordOf = (directory: Directory, viewer: User, owner: UserId): boolean => {
  if (!viewer.isActive) return false
  if (viewer.id === owner || viewer.isCrmAdministrator || viewer.visibility === "all") return true
  if (viewer.visibility === "own") return false
  const teams = directory.get(owner)?.teams ?? []
  return (
    teams.some((team) => viewer.teams.includes(team)) ||
    managersOf(directory, owner).some((manager) => manager.id === viewer.id)
  )
}
