import { build, type Metafile } from "esbuild"
import { describe, expect, it } from "vitest"
import { manifest, root } from "./Source.ts"

/**
 * What an application pays for an import. `modules`: how many files Node reads and runs when an entry is imported, the
 * library's and its packages' together: what import time follows, and the same on every machine. decision: a tenth above
 * what it is, so that a package or a barrel which comes along by accident turns this red.
 */
const entries: Readonly<Record<string, number>> = {
  ".": 820,
  "./ports": 290,
  "./use-cases": 960,
  "./wire": 780,
  "./testing": 880,
  "./testing/vitest": 280,
  "./testing/simulator": 910,
  "./memory": 850,
  "./postgres": 870,
  "./pglite": 870,
  "./http": 1070,
  "./http/server": 1120,
  "./http/node": 1120,
  "./http/client": 1100
}

/** What is used alone, and the kilobytes that it costs when bundled and minified, packages included. */
const imports: Readonly<Record<string, { readonly text: string; readonly kilobytes: number }>> = {
  "an id": { text: 'import { Id } from "leadline"; console.log(Id.ChatId)', kilobytes: 350 },
  "an email's key": { text: 'import { EmailKey } from "leadline"; console.log(EmailKey.make)', kilobytes: 620 },
  routing: { text: 'import { Route } from "leadline"; console.log(Route.route)', kilobytes: 360 },
  "the chat's decider": {
    text: 'import { ChatDecide, ChatEvolve } from "leadline"; console.log(ChatDecide.decide, ChatEvolve.evolve)',
    kilobytes: 660
  },
  "one use case": {
    text: 'import { sendMessage } from "leadline/use-cases"; console.log(sendMessage)',
    kilobytes: 740
  },
  "the memory adapter": { text: 'import { layer } from "leadline/memory"; console.log(layer)', kilobytes: 790 },
  "the client": { text: 'import { make } from "leadline/http/client"; console.log(make)', kilobytes: 1250 }
}

/** Optional peers and Node itself are there anyway, or not at all. */
const outside = ["node:*", "vitest", "@effect/vitest", "fast-check", "@effect/platform-node", "@effect/sql-pg"]
const more = ["@electric-sql/pglite", "jose"]

interface Bundled {
  readonly metafile: Metafile
  readonly bytes: number
}

const bundle = async (contents: string): Promise<Bundled> => {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    conditions: ["leadline-source"],
    external: [...outside, ...more],
    loader: { ".sql": "text" },
    logLevel: "silent"
  })
  return { metafile, bytes: outputFiles.reduce((sum, { contents }) => sum + contents.length, 0) }
}

describe("what an import costs", () => {
  it("has a budget for every entry point", () => {
    expect(Object.keys(entries)).toEqual(Object.keys(manifest.exports).filter((name) => name !== "./package.json"))
  })

  it.each(Object.entries(entries))("importing %s loads no more than %i modules", async (name, most) => {
    const { metafile } = await bundle(`export * from "${name.replace(".", "leadline")}"`)
    expect(Object.keys(metafile.inputs).length - 1).toBeLessThanOrEqual(most)
  })

  it.each(Object.entries(imports))("%s alone stays within its size", async (_, { kilobytes, text }) => {
    const { bytes } = await bundle(text)
    expect(Math.ceil(bytes / 1000)).toBeLessThanOrEqual(kilobytes)
  })
})
