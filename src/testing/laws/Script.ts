/** What a law asked of an implementation, written down as it happens. */
import { Effect } from "effect"
import * as Render from "./Render.ts"

/** Which questions are worth a line: with many, only those that change something. */
export type Detail = "all" | "writes"

/** Lines of the run that goes on now. */
export interface Script {
  readonly lines: ReadonlyArray<string>
  readonly detail: Detail
  readonly add: (line: string) => void
  readonly clear: () => void
}

/** The last lines that a report shows. decision: what a law does at once fits; of more, the end led to the fault. */
const MAX_LINES = 40

/** Members of the ports that change something. */
const WRITES: ReadonlySet<string> = new Set([
  ...["commit", "erase", "createLead", "addNote", "changePhone", "putChatCopy", "send", "notify"],
  ...["user", "record", "pool", "delete", "merge"].map((name) => `seed.${name}`)
])

/** Begins a script. */
export const make = (detail: Detail): Script => {
  const lines: Array<string> = []
  let left = 0
  return {
    get lines() {
      return left === 0 ? [...lines] : [`(${left} lines before)`, ...lines]
    },
    detail,
    add: (line) => {
      lines.push(line)
      if (lines.length > MAX_LINES) left += lines.splice(0, lines.length - MAX_LINES).length
    },
    clear: () => {
      lines.length = 0
      left = 0
    }
  }
}

/**
 * The same implementation, each call of which adds a line. A property that is an object of functions is one of several
 * ports that a law needs: its name stands before theirs. Methods keep their `this`.
 */
export const recorded = <Port extends object>(port: Port, script: Script, prefix = ""): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      const called = `${prefix}${String(name)}`
      if (typeof member === "function") return recordedCall(target, member, called, script)
      // an effect that is there as it is, not as what a function gives, has nothing to write down
      return typeof member === "object" && member !== null && name !== "capabilities" && !Effect.isEffect(member)
        ? recorded(member, script, `${called}.`)
        : member
    }
  })

type Callable = Parameters<typeof Reflect.apply>[0]

const recordedCall =
  (target: object, member: Callable, called: string, script: Script) =>
  (...given: ReadonlyArray<unknown>): unknown => {
    const isWrite = WRITES.has(called) || WRITES.has(called.replace(/^.*\./, ""))
    if (script.detail === "all" || isWrite) script.add(`${called}(${given.map(argument).join(", ")})`)
    return Reflect.apply(member, target, given)
  }

/** Accounts are made for a run and end with `-ours` and `-theirs`. */
const argument = (given: unknown): string =>
  typeof given === "string" && /^laws-.*-(ours|theirs)$/.test(given)
    ? given.replace(/^.*-/, "")
    : Render.briefly(given).replaceAll(/laws-\w+-\d+-(?=ours|theirs)/g, "")
