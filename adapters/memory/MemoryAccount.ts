import type { Content, Event, Instant } from "leadline"
import type { CommonRecords, Due, Key, LogEntry, Position, Put, Read, Version } from "leadline/ports"
import { SortedList } from "./SortedList.ts"

/** Kept in step with the records of an account, inside each commit. */
export interface Index<Records> {
  /** May replace the value by another frozen one: the one thing that a store fills in is a chat's queue number (C2). */
  readonly put: <Kind extends keyof Records>(
    kind: Kind,
    id: string,
    before: Records[Kind] | null,
    after: Records[Kind]
  ) => Records[Kind]
  readonly removed: <Kind extends keyof Records>(kind: Kind, id: string, before: Records[Kind]) => void
  readonly logged: (entry: LogEntry<unknown>) => void
}

interface Slot {
  readonly version: Version
  readonly value: unknown
  readonly contents: ReadonlyArray<Content.ContentRef>
  readonly due: Instant.Instant | null
}

/** A record at its deadline. */
interface Deadline {
  readonly due: number
  readonly id: string
}

const earliestFirst = (a: Deadline, b: Deadline): boolean => a.due < b.due || (a.due === b.due && a.id < b.id)

/** All that one account holds. What comes in is frozen already: it is handed out as it is. */
export class MemoryAccount<Records extends CommonRecords, Payload, Extra extends Index<Records>> {
  readonly entries: Array<LogEntry<Payload>> = []
  readonly index: Extra
  private readonly slots = new Map<string, Slot>()
  private readonly deadlines = new Map<keyof Records, SortedList<Deadline>>()
  private readonly stored = new Map<Content.ContentRef, Content.StoredContent>()
  private readonly bySubject = new Map<string, Set<Content.ContentRef>>()

  constructor(index: Extra) {
    this.index = index
  }

  versionOf(key: Key<Records>): Version {
    return this.slots.get(slotKey(key))?.version ?? 0
  }

  read(key: Key<Records>): Read<Records> {
    const slot = this.slots.get(slotKey(key))
    return { key, version: slot?.version ?? 0, value: (slot?.value ?? null) as Records[keyof Records] | null }
  }

  /** A record's value, for the reads of an adapter's own. */
  value<Kind extends keyof Records>(kind: Kind, id: string): Records[Kind] | null {
    return (this.slots.get(`${String(kind)}/${id}`)?.value ?? null) as Records[Kind] | null
  }

  /** What the texts of a record's value are. */
  contentsOf(key: Key<Records>): ReadonlyArray<Content.ContentRef> {
    return this.slots.get(slotKey(key))?.contents ?? []
  }

  textsOf(refs: Iterable<Content.ContentRef>): Content.Texts {
    const found = new Map<Content.ContentRef, string>()
    for (const ref of refs) {
      const stored = this.stored.get(ref)
      if (stored !== undefined) found.set(ref, stored.value)
    }
    return found
  }

  put({ contents, due, key, value }: Put<Records>, version: Version): Version {
    const indexed = this.index.put(key.kind, key.id, this.value(key.kind, key.id), value)
    this.forgetDeadline(key)
    this.slots.set(slotKey(key), { version, value: indexed, contents, due })
    if (due !== null) {
      const deadlines = this.deadlines.get(key.kind) ?? new SortedList(earliestFirst)
      this.deadlines.set(key.kind, deadlines)
      deadlines.add({ due, id: key.id })
    }
    return version
  }

  remove(key: Key<Records>): void {
    const before = this.value(key.kind, key.id)
    if (before === null) return
    this.index.removed(key.kind, key.id, before)
    this.forgetDeadline(key)
    this.slots.delete(slotKey(key))
  }

  /** The records of a kind that are due, earliest first. */
  dueAt<Kind extends keyof Records>(
    kind: Kind,
    now: Instant.Instant,
    limit: number
  ): ReadonlyArray<Due<Records, Kind>> {
    const found: Array<Due<Records, Kind>> = []
    for (const { due, id } of this.deadlines.get(kind)?.from(null) ?? []) {
      if (due > now || found.length >= limit) break
      const read = this.read({ kind, id } as Key<Records>) as Read<Records, Kind>
      found.push({ ...read, due: due as Instant.Instant })
    }
    return found
  }

  private forgetDeadline(key: Key<Records>): void {
    const due = this.slots.get(slotKey(key))?.due ?? null
    if (due !== null) this.deadlines.get(key.kind)?.remove({ due, id: key.id })
  }

  keep(content: Content.StoredContent): void {
    const subject = subjectKey(content.subject)
    this.stored.set(content.ref, content)
    this.bySubject.set(subject, (this.bySubject.get(subject) ?? new Set()).add(content.ref))
  }

  append(event: Event.Event<Payload>): Position {
    const position = this.entries.length + 1
    const entry = Object.freeze({ position, event })
    this.entries.push(entry)
    this.index.logged(entry)
    return position
  }

  contentCount(subject: Content.Subject): number {
    return this.bySubject.get(subjectKey(subject))?.size ?? 0
  }

  /** Deletes a subject's texts, at most `limit` (J4). */
  erase(subject: Content.Subject, limit: number): { readonly erased: number; readonly isDone: boolean } {
    const refs = this.bySubject.get(subjectKey(subject)) ?? new Set()
    let erased = 0
    for (const ref of refs) {
      if (erased === limit) return { erased, isDone: false }
      refs.delete(ref)
      this.stored.delete(ref)
      erased++
    }
    return { erased, isDone: true }
  }
}

export const slotKey = <Records>(key: Key<Records>): string => `${String(key.kind)}/${key.id}`

const subjectKey = (subject: Content.Subject): string =>
  subject._tag === "Visitor" ? `visitor/${subject.visitorId}` : `${subject.kind}/${subject.id}`
