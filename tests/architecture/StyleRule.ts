import ts from "typescript"
import { importViolations } from "./ImportRule.ts"
import { lineOf, manifest, type Source, type Violation, walk } from "./Source.ts"

export interface Rule {
  readonly name: string
  readonly check: (source: Source) => ReadonlyArray<Violation>
}

/** A rule about syntax: `fault` says what is wrong with a node, if anything. */
const nodeRule = (
  name: string,
  appliesTo: RegExp,
  fault: (node: ts.Node, source: Source) => string | undefined
): Rule => ({
  name,
  check: (source) => {
    const found: Array<Violation> = []
    if (!appliesTo.test(source.path)) return found
    walk(source.file, (node) => {
      const message = fault(node, source)
      if (message !== undefined) found.push({ path: source.path, line: lineOf(source.file, node), message })
    })
    return found
  }
})

/** A rule about where a file is and how it is called. */
const pathRule = (name: string, fault: (path: string, source: Source) => string | undefined): Rule => ({
  name,
  check: (source) => {
    const message = fault(source.path, source)
    return message === undefined ? [] : [{ path: source.path, line: 1, message }]
  }
})

const everywhere = /./
const domain = /^src\/domain\//

/** Globals that know the time, roll dice or touch the world. */
const impureGlobals: ReadonlyArray<string> = [
  ...["performance", "crypto", "fetch", "console", "process", "globalThis", "queueMicrotask"],
  ...["setTimeout", "setInterval", "setImmediate"]
]

const isReference = (node: ts.Identifier): boolean => {
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.name !== node
  return !(ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent))
}

/** Where the host is asked for its SHA-256: the same function of the same text, five times as fast (D7). */
const hosted: ReadonlyArray<string> = ["src/domain/chat/Sha256.ts"]

const impurity = (node: ts.Node, { path }: Source): string | undefined => {
  if (hosted.includes(path)) return undefined
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const call = `${node.expression.text}.${node.name.text}`
    if (/^(Date\.now|DateTime\.now\w*|Math\.random)$/.test(call)) return `${call} in the domain`
  }
  if (ts.isIdentifier(node) && impureGlobals.includes(node.text) && isReference(node)) {
    return `${node.text} in the domain`
  }
  const makesDate = (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "Date"
  if (makesDate && (ts.isCallExpression(node) || (node.arguments ?? []).length === 0)) return "the clock in the domain"
  return undefined
}

const hasModifier = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind)

const isDefaultExport = (node: ts.Node): boolean =>
  (ts.isExportAssignment(node) && node.isExportEquals !== true) || hasModifier(node, ts.SyntaxKind.DefaultKeyword)

/** The only `index.ts` files: where an entry point begins. */
const entrySources = Object.values(manifest.exports).flatMap((entry) =>
  typeof entry === "string" ? [] : [entry.default.replace("./dist/", "").replace(/\.js$/, ".ts")]
)

/** Names that say nothing. "Manager" says nothing either, except where it is a person (F5). */
const emptyWord = /(^|[^a-z])(utils?|common|helpers?|misc)([^a-z]|$)|[a-z](Utils?|Helpers?|Misc|Common)\b/i
const emptyManager = /(^|\/)managers?(\/|\.|$)|[a-z]Manager\.ts$/i
const peopleNamed: ReadonlyArray<string> = ["src/domain/assignment/TopmostManager.ts"]

const nameFault = (path: string): string | undefined => {
  const folders = path.split("/").slice(0, -1)
  const module = (path.split("/").at(-1) ?? "").replace(/\.ts$/, "")
  const isPascal = /^[A-Z][A-Za-z0-9]*$/.test(module)
  const isEntry =
    module === "index" ||
    entrySources.includes(path) ||
    (/^(examples\/|adapters\/cli\/main\.ts$)/.test(path) && module === "main")
  const isTestFile =
    path.startsWith("tests/") && /^([A-Z][A-Za-z0-9]*|[a-z0-9]+(-[a-z0-9]+)*)(\.test|\.config)?$/.test(module)
  if (!folders.every((folder) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(folder))) return "folders are kebab-case"
  return isPascal || isEntry || isTestFile ? undefined : "modules are PascalCase, named for the one concept they hold"
}

export const rules: ReadonlyArray<Rule> = [
  { name: "who may import whom", check: importViolations },
  nodeRule("no clock, randomness or world in the domain", domain, impurity),
  nodeRule("no throw in the domain", domain, (node) =>
    ts.isThrowStatement(node) ? "a refusal is a value, not a throw" : undefined
  ),
  nodeRule("no async in the domain", domain, (node) =>
    hasModifier(node, ts.SyntaxKind.AsyncKeyword) || ts.isAwaitExpression(node)
      ? "the domain waits for nobody"
      : undefined
  ),
  nodeRule("no any", everywhere, (node) => (node.kind === ts.SyntaxKind.AnyKeyword ? "any" : undefined)),
  nodeRule("no non-null assertion", everywhere, (node) => (ts.isNonNullExpression(node) ? "x!" : undefined)),
  nodeRule("no default export", /^(?!.*\.config\.ts$)/, (node) =>
    isDefaultExport(node) ? "default export" : undefined
  ),
  pathRule("names say what they hold", nameFault),
  pathRule("no utils, common, helpers, misc, manager", (path) =>
    emptyWord.test(path) || (emptyManager.test(path) && !peopleNamed.includes(path))
      ? "the name says nothing"
      : undefined
  ),
  pathRule("barrels only at entry points", (path) =>
    /^(src|adapters)\/(.*\/)?index\.ts$/.test(path) && !entrySources.includes(path)
      ? "no entry point is here"
      : undefined
  ),
  pathRule("at most 400 lines", (_, source) => {
    const lines = source.text.trimEnd().split("\n").length
    return lines > 400 ? `${lines} lines; look again at 250, stop at 400` : undefined
  })
]
