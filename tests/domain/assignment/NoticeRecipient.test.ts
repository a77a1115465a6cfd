import fc from "fast-check"
import { Id, NoticeRecipient, type User } from "leadline"
import { describe, expect, it } from "vitest"

const id = (name: string): Id.UserId => Id.UserId.make(name)

/** Written `active`, `active<manager` or `-inactive<manager`. */
const directoryOf = (...people: ReadonlyArray<string>): User.Directory =>
  new Map(
    people.map((person) => {
      const [name = "", manager] = person.replace("-", "").split("<")
      const user: User.User = {
        id: id(name),
        name,
        email: `${name}@example.com`,
        isActive: !person.startsWith("-"),
        reportsTo: manager === undefined ? null : id(manager),
        isAccountOwner: false,
        isCrmAdministrator: false,
        teams: [],
        groups: [],
        visibility: "all"
      }
      return [user.id, user]
    })
  )

const note = (owner: string, author: string | null, ...people: ReadonlyArray<string>) =>
  NoticeRecipient.forNote({
    owner: id(owner),
    author: author === null ? null : id(author),
    directory: directoryOf(...people)
  })

describe("a note to sales", () => {
  it("tells the record's owner (G3)", () => {
    expect(note("ann", "bob", "ann<top", "bob", "top")).toEqual({ told: "ann", why: "owner" })
  })

  it("tells the owner of a note by an agent without a CRM licence (G3)", () => {
    expect(note("ann", null, "ann<top", "top")).toEqual({ told: "ann", why: "owner" })
  })

  it("tells nobody when the owner wrote it, active or not (G3)", () => {
    expect(note("ann", "ann", "ann<top", "top")).toEqual({ told: null, why: "ownerIsAuthor" })
    expect(note("ann", "ann", "-ann<top", "top")).toEqual({ told: null, why: "ownerIsAuthor" })
  })

  it("tells the nearest active manager of an inactive owner (G3)", () => {
    expect(note("ann", "bob", "-ann<lea", "-lea<max", "max<top", "top", "bob")).toEqual({
      told: "max",
      why: "managerOfInactiveOwner"
    })
  })

  it("tells the topmost manager where an inactive or unknown owner has no active manager (G3, F5)", () => {
    const expected = { told: "top", why: "topmostManager" }
    expect(note("ann", "bob", "-ann<lea", "-lea", "bob<top", "top")).toEqual(expected)
    expect(note("gone", "bob", "bob<top", "top")).toEqual(expected)
  })

  it("tells nobody when who would be told instead of an inactive owner wrote it (G3)", () => {
    const nobody = { told: null, why: "recipientIsAuthor" }
    expect(note("ann", "lea", "-ann<lea", "lea<top", "top")).toEqual(nobody)
    expect(note("ann", "top", "-ann", "top")).toEqual(nobody)
  })

  it("tells nobody where nobody is active (G3)", () => {
    expect(note("ann", null, "-ann<lea", "-lea")).toEqual({ told: null, why: "nobodyActive" })
  })

  it("tells only active users other than the author, and says why exactly when it tells nobody (G3)", () => {
    const names = ["a", "b", "c", "d"]
    const person = (name: string) =>
      fc
        .tuple(fc.boolean(), fc.option(fc.constantFrom(...names)))
        .map(([isActive, manager]) => `${isActive ? "" : "-"}${name}${manager === null ? "" : `<${manager}`}`)
    fc.assert(
      fc.property(
        fc.tuple(...names.map(person)),
        fc.constantFrom(...names, "gone"),
        fc.option(fc.constantFrom(...names)),
        (people, owner, author) => {
          const { told, why } = note(owner, author, ...people)
          expect(told === null).toBe(["ownerIsAuthor", "recipientIsAuthor", "nobodyActive"].includes(why))
          if (told === null) return
          expect(told).not.toBe(author)
          expect(people.some((one) => one === told || one.startsWith(`${told}<`))).toBe(true)
        }
      )
    )
  })
})

describe("a new lead", () => {
  it("is told to the user it was dealt to (F6)", () => {
    expect(NoticeRecipient.forNewLead({ owner: id("ann"), creator: id("bob") })).toEqual({ told: "ann", why: "owner" })
    expect(NoticeRecipient.forNewLead({ owner: id("ann"), creator: null })).toEqual({ told: "ann", why: "owner" })
  })

  it("is not told to who made it themselves (F6)", () => {
    const nobody = { told: null, why: "ownerIsAuthor" }
    expect(NoticeRecipient.forNewLead({ owner: id("ann"), creator: id("ann") })).toEqual(nobody)
  })

  it("gives one notice, to one user, when it carries a note: the lead's and the note's rule agree (F6, G2)", () => {
    const names = ["ann", "bob", "top"].map(id)
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.option(fc.constantFrom(...names)), (owner, creator) => {
        const directory = directoryOf("ann<top", "bob<top", "top")
        const told = NoticeRecipient.forLeadWithNote({ owner, creator, directory })
        expect(told).toEqual(NoticeRecipient.forNewLead({ owner, creator }))
        expect(told).toEqual(NoticeRecipient.forNote({ owner, author: creator, directory }))
      })
    )
  })

  it("with a note is told to the manager of an owner deactivated in between (G3)", () => {
    const directory = directoryOf("-ann<top", "bob<top", "top")
    expect(NoticeRecipient.forLeadWithNote({ owner: id("ann"), creator: id("bob"), directory })).toEqual({
      told: "top",
      why: "managerOfInactiveOwner"
    })
  })
})
