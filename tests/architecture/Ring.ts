/** "Who may import whom", as data. `ImportRule.ts` applies it. Whatever is not named here is forbidden. */

/** Nouns further left never know those further right; the first group's features may know each other. */
export const featureGroups: ReadonlyArray<ReadonlyArray<string>> = [
  ["account", "agent", "record", "identity"],
  ["assignment", "chat"],
  ["routing", "panel", "feed", "request"],
  ["settings"]
]

/** Effect's stable modules that are only data: nothing here runs, waits, reads a clock or rolls dice. */
const dataModules: ReadonlyArray<string> = [
  ...["Array", "BigDecimal", "BigInt", "Boolean", "Brand", "Chunk", "Combiner", "Data", "DateTime", "Duration"],
  ...["Equal", "Equivalence", "Filter", "Function", "Hash", "HashMap", "HashSet", "Iterable", "Match", "Newtype"],
  ...["NonEmptyIterable", "Number", "Optic", "Option", "Order", "Ordering", "Pipeable", "Predicate", "Record"],
  ...["Redacted", "Reducer", "RegExp", "Result", "Schema", "SchemaAST", "SchemaGetter", "SchemaIssue"],
  ...["SchemaTransformation", "String", "Struct", "Symbol", "Trie", "Tuple", "Types", "UndefinedOr"],
  ...["absurd", "flow", "identity", "pipe"]
]

/** The machinery of use cases. No Random: ids and salts come from `Ids`. Layer, because `OwnCrm` is a port built of another. */
const useCaseModules: ReadonlyArray<string> = [
  ...["Effect", "Clock", "Stream", "Schedule"],
  // decision: what Effect's own functions take and return, because "Effect" alone could not be used without
  ...["Cause", "Context", "Deferred", "Exit", "Fiber", "Layer", "PubSub", "Queue", "Ref", "Scope", "Semaphore"]
]

export interface Ring {
  readonly name: string
  /** The files of the ring. The first ring that matches a file is its ring. */
  readonly holds: RegExp
  /** Folders (or files) that a relative import may reach. */
  readonly reaches: ReadonlyArray<string>
  /** Names importable from "effect"; "stable" any of its root; "all" its subpaths as well. */
  readonly effect: ReadonlyArray<string> | "stable" | "all"
  readonly packages: ReadonlyArray<string>
  /** Imports the package by its own name, as a stranger would. */
  readonly byName: boolean
  readonly node: boolean
}

const core = { byName: false, node: false }

/** Third-party packages of a feature, besides date-fns. */
const featurePackages: Record<string, ReadonlyArray<string>> = {
  identity: ["tr46", "libphonenumber-js"],
  chat: ["@noble/hashes"]
}

const domainRings = featureGroups.flatMap((group, index) =>
  group.map((feature): Ring => {
    const earlier = featureGroups.slice(0, index).flat()
    const known = index === 0 ? group : [...earlier, feature]
    return {
      ...core,
      name: `domain/${feature}`,
      holds: new RegExp(`^src/domain/${feature}/`),
      reaches: known.map((name) => `src/domain/${name}/`),
      effect: dataModules,
      packages: ["date-fns", ...(featurePackages[feature] ?? [])]
    }
  })
)

/** The drivers of each adapter; an adapter not named here has none. */
const drivers: Record<string, ReadonlyArray<string>> = {
  memory: [],
  postgres: ["@effect/sql-pg", "nanoid"],
  pglite: ["@effect/sql-pg", "@electric-sql/pglite"],
  http: ["@effect/platform-node", "jose", "nanoid"]
}

/** Those that need Node: files of SQL, streams. */
const onNode: ReadonlyArray<string> = ["postgres", "pglite", "http"]

const adapterRings = Object.entries(drivers).map(
  ([adapter, packages]): Ring => ({
    name: `adapters/${adapter}`,
    holds: new RegExp(`^adapters/${adapter}/`),
    reaches: [`adapters/${adapter}/`],
    effect: "all",
    packages,
    byName: true,
    node: onNode.includes(adapter)
  })
)

const useCases: Ring = {
  ...core,
  name: "use-cases",
  holds: /^src\/use-cases\//,
  reaches: ["src/domain/", "src/ports/", "src/use-cases/"],
  effect: [...dataModules, ...useCaseModules],
  packages: []
}

const testing: Ring = {
  ...core,
  name: "testing",
  holds: /^src\/testing\//,
  reaches: ["src/domain/", "src/ports/", "src/testing/"],
  effect: "stable",
  packages: ["fast-check", "effect/testing"]
}

const tests: Ring = {
  name: "tests",
  holds: /^tests\//,
  reaches: ["tests/"],
  effect: "all",
  packages: [
    ...["vitest", "@effect/vitest", "fast-check", "typescript", "nanoid", ...Object.values(drivers).flat()],
    // decision: hosts that tests kill are bundled, because sources take ten times as long to start
    "tsup",
    // comes with tsup: says what an import costs when bundled
    "esbuild",
    ...["@seriousme/openapi-schema-validator", "standardwebhooks"]
  ],
  byName: true,
  node: true
}

export const rings: ReadonlyArray<Ring> = [
  ...domainRings,
  {
    ...core,
    name: "ports",
    holds: /^src\/ports\//,
    reaches: ["src/domain/", "src/ports/"],
    effect: [...dataModules, "Effect", "Context", "Stream"],
    packages: []
  },
  // decision: one file makes ids, because then tests can replace randomness in one place
  { ...useCases, name: "use-cases' Ids", holds: /^src\/use-cases\/Ids\.ts$/, packages: ["nanoid"] },
  useCases,
  {
    ...core,
    name: "wire",
    holds: /^src\/wire\//,
    reaches: ["src/domain/", "src/wire/"],
    effect: dataModules,
    packages: []
  },
  {
    ...testing,
    name: "testing/vitest",
    holds: /^src\/testing\/vitest(\/|\.ts$)/,
    packages: [...testing.packages, "vitest", "@effect/vitest"]
  },
  {
    ...testing,
    // decision: it drives the use cases as hosts do, so it knows them; an entry of its own, because they weigh something
    name: "testing/simulator",
    holds: /^src\/testing\/simulator\//,
    reaches: [...testing.reaches, "src/use-cases/"]
  },
  testing,
  { ...core, name: "src/index", holds: /^src\/index\.ts$/, reaches: ["src/domain/"], effect: [], packages: [] },
  ...adapterRings,
  // an outside team's property suite draws worlds, so it needs the engine
  {
    name: "examples/06-property-suite",
    holds: /^examples\/06-property-suite\//,
    reaches: ["examples/06-property-suite/"],
    effect: "all",
    packages: ["fast-check"],
    byName: true,
    node: true
  },
  // decision: a command reads arguments and files, which no other adapter does
  {
    name: "adapters/cli",
    holds: /^adapters\/cli\//,
    reaches: ["adapters/cli/"],
    effect: "all",
    // the file that the caller names
    packages: ["pathToFileURL(resolve(file)).href", "@effect/sql-pg"],
    byName: true,
    node: true
  },
  {
    name: "examples",
    holds: /^examples\//,
    reaches: ["examples/"],
    effect: "all",
    packages: [],
    byName: true,
    node: true
  },
  // what an example exports keeps its promises, too
  {
    ...tests,
    // a package of its own, with what the benchmarks compare with
    name: "tests/bench",
    holds: /^tests\/bench\//,
    packages: [
      ...[...tests.packages, "tinybench", "pg", "drizzle-orm", "fastify", "xstate"],
      ...["@castore/core", "@castore/event-storage-adapter-postgres"],
      ...["@event-driven-io/emmett", "@event-driven-io/emmett-postgresql"]
    ]
  },
  { ...tests, name: "tests/examples", holds: /^tests\/examples\//, reaches: ["tests/", "examples/"] },
  tests
]
