import { describe, expect, it } from "vitest"
import { parseSource, readSources, showViolation } from "./Source.ts"
import { rules } from "./StyleRule.ts"

const sources = readSources("{src,adapters,examples,tests}/**/*.ts")

const violationsOf = (rule: string, path: string, text: string): ReadonlyArray<string> =>
  rules.filter(({ name }) => name === rule).flatMap(({ check }) => check(parseSource(path, text)).map(showViolation))

const imports = "who may import whom"
const pure = "no clock, randomness or world in the domain"
const names = "names say what they hold"
const empty = "no utils, common, helpers, misc, manager"

/** [rule, file, text, what the message says]: each must be caught. */
const planted: ReadonlyArray<readonly [rule: string, path: string, text: string, says: string]> = [
  [imports, "src/domain/chat/A.ts", `import { Effect, Schema } from "effect"`, "effect's Effect"],
  [imports, "src/domain/chat/A.ts", `import type { Stream } from "effect"`, "effect's Stream"],
  [imports, "src/domain/chat/A.ts", `import * as E from "effect"`, "effect's *"],
  [imports, "src/domain/chat/A.ts", `import * as Clock from "effect/Clock"`, "not from its subpaths"],
  [imports, "src/domain/chat/A.ts", `import { a } from "../panel/Panel.ts"`, "domain/chat reaches only"],
  [imports, "src/domain/chat/A.ts", `import { a } from "../assignment/Dealing.ts"`, "domain/chat reaches only"],
  [imports, "src/domain/agent/A.ts", `export * from "../chat/Chat.ts"`, "domain/agent reaches only"],
  [imports, "src/domain/chat/A.ts", `type B = import("../../ports/Crm.ts").Crm`, "domain/chat reaches only"],
  [imports, "src/domain/chat/A.ts", `const b = import("../feed/Feed.ts")`, "domain/chat reaches only"],
  [imports, "src/domain/chat/A.ts", `import { a } from "../identity/EmailKey"`, ".ts"],
  [imports, "src/domain/chat/A.ts", `import { toASCII } from "tr46"`, "may not import this package"],
  [
    imports,
    "src/domain/identity/A.ts",
    `import { sha256 } from "@noble/hashes/sha2.js"`,
    "may not import this package"
  ],
  [imports, "src/domain/feed/A.ts", `import { isToday } from "date-fns"`, "reads the clock"],
  [imports, "src/domain/news/A.ts", "export const a = 1", "belongs to no ring"],
  [imports, "src/ports/A.ts", `import { Layer } from "effect"`, "effect's Layer"],
  [imports, "src/ports/A.ts", `import { a } from "../use-cases/chat/AnswerChat.ts"`, "ports reaches only"],
  [imports, "src/use-cases/chat/A.ts", `import { nanoid } from "nanoid"`, "may not import this package"],
  [imports, "src/use-cases/chat/A.ts", `import { Random } from "effect"`, "effect's Random"],
  [imports, "src/wire/A.ts", `import { a } from "../ports/Crm.ts"`, "wire reaches only"],
  [imports, "src/testing/A.ts", `import { it } from "vitest"`, "may not import this package"],
  [imports, "src/index.ts", `export * from "./ports/Crm.ts"`, "src/index reaches only"],
  [imports, "src/wire/A.ts", `import "node:fs"`, "Node's own modules"],
  [imports, "src/wire/A.ts", `import { a } from "leadline"`, "imports by path"],
  [imports, "adapters/memory/A.ts", `import { a } from "../../src/index.ts"`, "by its own name"],
  [imports, "adapters/memory/A.ts", `import { Pool } from "pg"`, "may not import this package"],
  [imports, "adapters/memory/A.ts", `import { a } from "leadline/domain"`, "no such entry point"],
  [imports, "tests/a.test.ts", `import { a } from "../src/index.ts"`, "by its own name"],
  [imports, "examples/a/main.ts", `import { it } from "vitest"`, "may not import this package"],
  [pure, "src/domain/chat/A.ts", "export const a = () => Date.now()", "Date.now"],
  [pure, "src/domain/chat/A.ts", "export const a = () => new Date()", "the clock"],
  [pure, "src/domain/chat/A.ts", "export const a = () => DateTime.nowUnsafe()", "DateTime.nowUnsafe"],
  [pure, "src/domain/chat/A.ts", "export const a = () => Math.random()", "Math.random"],
  [pure, "src/domain/chat/A.ts", "export const a = () => crypto.randomUUID()", "crypto"],
  [pure, "src/domain/chat/A.ts", "export const a = () => performance.now()", "performance"],
  [pure, "src/domain/chat/A.ts", "setTimeout(() => 1, 1)", "setTimeout"],
  [pure, "src/domain/chat/A.ts", `export const a = () => fetch("x")`, "fetch"],
  [pure, "src/domain/chat/A.ts", `console.log("x")`, "console"],
  ["no throw in the domain", "src/domain/chat/A.ts", `throw new Error("x")`, "throw"],
  ["no async in the domain", "src/domain/chat/A.ts", "export const a = async () => 1", "waits"],
  ["no any", "src/wire/A.ts", "export const a = (b: any) => b", "any"],
  ["no non-null assertion", "src/wire/A.ts", "export const a = (b: Array<1>) => b[0]!", "x!"],
  ["no default export", "src/wire/A.ts", "export default 1", "default export"],
  ["no default export", "src/wire/A.ts", "export default function a() {}", "default export"],
  [names, "src/wire/chatCodec.ts", "", "PascalCase"],
  [names, "src/domain/Chat/Chat.ts", "", "kebab-case"],
  [empty, "src/domain/chat/ChatUtils.ts", "", "says nothing"],
  [empty, "src/domain/common/A.ts", "", "says nothing"],
  [empty, "src/wire/helpers.ts", "", "says nothing"],
  [empty, "adapters/memory/LockManager.ts", "", "says nothing"],
  ["barrels only at entry points", "src/domain/chat/index.ts", "", "no entry point"],
  ["at most 400 lines", "src/wire/A.ts", "export {}\n".repeat(401), "401 lines"]
]

/** [file, text]: no rule may object. */
const innocent: ReadonlyArray<readonly [path: string, text: string]> = [
  ["src/domain/chat/A.ts", `import { Option, type Schema, pipe } from "effect"`],
  ["src/domain/account/A.ts", `import type { AgentId } from "../agent/Agent.ts"`],
  ["src/domain/settings/A.ts", `import { Panel } from "../panel/Panel.ts"`],
  ["src/domain/identity/A.ts", `import { toASCII } from "tr46"\nimport { addDays } from "date-fns"`],
  ["src/domain/chat/A.ts", `import { sha256 } from "@noble/hashes/sha2.js"`],
  ["src/domain/chat/A.ts", "export const a = (now: number, log: { fetch: number }) => [new Date(now), log.fetch]"],
  ["src/ports/A.ts", `import { Context, Effect, Stream } from "effect"`],
  ["src/testing/vitest/A.ts", `import { it } from "vitest"`],
  ["adapters/memory/A.ts", `import { a } from "leadline/ports"\nimport * as Sql from "effect/sql"`],
  ["tests/domain/chat/a.test.ts", `import { a } from "leadline"\nimport * as fc from "fast-check"`]
]

describe("architecture", () => {
  it.each(rules)("$name", ({ check }) => {
    expect(sources.flatMap((source) => check(source).map(showViolation))).toEqual([])
  })

  it("has sources of every ring to look at", () => {
    for (const ring of [
      "src/domain/",
      "src/ports/",
      "src/use-cases/",
      "src/wire/",
      "src/testing/",
      "adapters/memory/"
    ]) {
      expect(sources.some(({ path }) => path.startsWith(ring))).toBe(true)
    }
  })
})

describe("the architecture's rules themselves", () => {
  it.each(planted)("%s: catches %s with %j", (rule, path, text, says) => {
    expect(violationsOf(rule, path, text).join("\n")).toContain(says)
  })

  it.each(innocent)("leave %s alone with %j", (path, text) => {
    expect(rules.flatMap(({ name }) => violationsOf(name, path, text))).toEqual([])
  })
})
