import { Effect } from "effect"
import type { Id } from "leadline"

/** What is wrong with an implementation: the one thing that it does otherwise. */
export type Break<Shape> = (shape: Shape) => Partial<Shape>

/** By law, by the fault in words. Each fault breaks at least the law that it stands under. */
export type Doubles<Shape> = Readonly<Record<string, Readonly<Record<string, Break<Shape>>>>>

/** Several tables as one. */
export const joined = <Shape>(...tables: ReadonlyArray<Doubles<Shape>>): Doubles<Shape> => Object.assign({}, ...tables)

/** Whatever account is asked, one member answers for the first that was ever seen: a `where` without its account. */
export const leaks =
  <Shape extends object>(member: keyof Shape & string): Break<Shape> =>
  (shape) => {
    let first: unknown
    const wrapped = Object.entries(shape).map(([name, value]) => {
      if (typeof value !== "function") return [name, value]
      const call = (account: Id.AccountId, ...rest: ReadonlyArray<unknown>): unknown => {
        first ??= account
        return Reflect.apply(value, shape, [name === member ? first : account, ...rest])
      }
      return [name, call]
    })
    return Object.fromEntries(wrapped)
  }

/** A leak for each of the members, each a fault of its own. */
export const leaksOf = <Shape extends object>(...members: ReadonlyArray<keyof Shape & string>) =>
  Object.fromEntries(members.map((member) => [`${member} forgets the account`, leaks<Shape>(member)]))

/** Lets others run, as one does who waits for a network. */
export const pause = (turns = 3): Effect.Effect<void> =>
  Effect.forEach(Array.from({ length: turns }), () => Effect.yieldNow, { discard: true })

type Given<Member> = Member extends (...given: infer Asked) => unknown ? Asked : never
type Answer<Member> = Member extends (...given: never) => Effect.Effect<infer Got, unknown> ? Got : never

/** What comes out of a member is changed before it is handed out. */
export const mapped = <Shape extends object, Name extends keyof Shape>(
  shape: Shape,
  name: Name,
  change: (answer: Answer<Shape[Name]>, ...given: Given<Shape[Name]>) => unknown
): Shape[Name] => {
  const member = shape[name] as unknown as (...given: ReadonlyArray<unknown>) => Effect.Effect<Answer<Shape[Name]>>
  const call = (...given: ReadonlyArray<unknown>) =>
    Effect.map(Reflect.apply(member, shape, given), (answer: Answer<Shape[Name]>) =>
      change(answer, ...(given as Given<Shape[Name]>))
    )
  return call as unknown as Shape[Name]
}
