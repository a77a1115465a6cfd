import ts from "typescript"
import { type Source, walk } from "./Source.ts"

/** How many rules each section of domain-rules.md has. */
const sections = { A: 8, B: 8, C: 11, D: 11, E: 7, F: 7, G: 4, H: 8, I: 3, J: 4, K: 5 }

/** Every rule id of the specification: A1 … K5. */
export const ruleIds: ReadonlyArray<string> = Object.entries(sections).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, index) => `${section}${index + 1}`)
)

const ruleId = /\b[A-K]\d{1,2}\b/g

const runners: ReadonlyArray<string> = ["it", "test", "describe"]
const silencers: ReadonlyArray<string> = ["skip", "todo", "skipIf", "runIf"]

/** The names along `it.effect.prop`, `it.each(rows)`, `it.layer(layer)`: what is called, outermost last. */
const callChain = (callee: ts.Expression): ReadonlyArray<string> => {
  if (ts.isIdentifier(callee)) return [callee.text]
  if (ts.isPropertyAccessExpression(callee)) return [...callChain(callee.expression), callee.name.text]
  if (ts.isCallExpression(callee)) return callChain(callee.expression)
  return ts.isTaggedTemplateExpression(callee) ? callChain(callee.tag) : []
}

const literalText = (node: ts.Expression | undefined): string | undefined => {
  if (node === undefined) return undefined
  if (ts.isStringLiteralLike(node)) return node.text
  if (!ts.isTemplateExpression(node)) return undefined
  return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join("…")
}

export interface Citation {
  readonly id: string
  readonly title: string
  readonly path: string
}

/** The rule ids that the titles of a test file cite: `it("refuses a second answer (C8)", …)`. Skipped tests prove nothing. */
export const citationsIn = (source: Source): ReadonlyArray<Citation> => {
  const found: Array<Citation> = []
  walk(source.file, (node) => {
    if (!ts.isCallExpression(node)) return
    const chain = callChain(node.expression)
    if (!runners.includes(chain[0] ?? "") || chain.some((name) => silencers.includes(name))) return
    const title = literalText(node.arguments[0])
    if (title === undefined) return
    for (const [id] of title.matchAll(ruleId)) found.push({ id, title, path: source.path })
  })
  return found
}
