import { globSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import ts from "typescript"

/** The repository's folder. */
export const root = fileURLToPath(new URL("../../", import.meta.url))

/** One `import`, `export … from`, `import()` or `import("…").Type`, type-only ones included. */
export interface Import {
  readonly specifier: string
  /** What is imported, by its name over there; `*` for everything, `default` for a default import. */
  readonly names: ReadonlyArray<string>
  readonly line: number
}

export interface Source {
  /** Relative to the repository, with `/`. */
  readonly path: string
  readonly text: string
  readonly file: ts.SourceFile
  readonly imports: ReadonlyArray<Import>
}

export interface Violation {
  readonly path: string
  readonly line: number
  readonly message: string
}

export const showViolation = (found: Violation): string => `${found.path}:${found.line}  ${found.message}`

/** Calls `see` for a node and all below it. */
export const walk = (node: ts.Node, see: (node: ts.Node) => void): void => {
  see(node)
  ts.forEachChild(node, (child) => walk(child, see))
}

export const lineOf = (file: ts.SourceFile, node: ts.Node): number =>
  file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1

const importedNames = (clause: ts.ImportClause | undefined): ReadonlyArray<string> => {
  if (clause === undefined) return []
  const bindings = clause.namedBindings
  const byDefault = clause.name === undefined ? [] : ["default"]
  if (bindings === undefined) return byDefault
  if (ts.isNamespaceImport(bindings)) return [...byDefault, "*"]
  return [...byDefault, ...bindings.elements.map((element) => (element.propertyName ?? element.name).text)]
}

const exportedNames = (clause: ts.NamedExportBindings | undefined): ReadonlyArray<string> =>
  clause !== undefined && ts.isNamedExports(clause)
    ? clause.elements.map((element) => (element.propertyName ?? element.name).text)
    : ["*"]

const leftmost = (name: ts.EntityName | undefined): string =>
  name === undefined ? "*" : ts.isIdentifier(name) ? name.text : leftmost(name.left)

/** Specifier and names, if the node imports anything. */
const importOf = (node: ts.Node): { readonly from: ts.Node; readonly names: ReadonlyArray<string> } | undefined => {
  if (ts.isImportDeclaration(node)) return { from: node.moduleSpecifier, names: importedNames(node.importClause) }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { from: node.moduleSpecifier, names: exportedNames(node.exportClause) }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return { from: node.argument.literal, names: [leftmost(node.qualifier)] }
  }
  if (ts.isExternalModuleReference(node)) return { from: node.expression, names: ["*"] }
  const argument = ts.isCallExpression(node) ? node.arguments[0] : undefined
  if (ts.isCallExpression(node) && argument !== undefined && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return { from: argument, names: ["*"] }
  }
  return undefined
}

export const parseSource = (path: string, text: string): Source => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  const imports: Array<Import> = []
  walk(file, (node) => {
    const found = importOf(node)
    if (found === undefined) return
    const specifier = ts.isStringLiteralLike(found.from) ? found.from.text : found.from.getText(file)
    imports.push({ specifier, names: found.names, line: lineOf(file, node) })
  })
  return { path, text, file, imports }
}

/** The TypeScript files of the repository that match, in alphabetical order. */
export const readSources = (pattern: string): ReadonlyArray<Source> =>
  globSync(pattern, { cwd: root, exclude: ["**/node_modules/**", "**/dist/**", "tests/.cache/**"] })
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .map((path) => parseSource(path, readFileSync(`${root}${path}`, "utf8")))

interface Manifest {
  readonly exports: Record<string, string | { readonly types: string; readonly default: string }>
  readonly scripts: Record<string, string>
  readonly dependencies: Record<string, string>
  readonly peerDependencies: Record<string, string>
}

export const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as Manifest
