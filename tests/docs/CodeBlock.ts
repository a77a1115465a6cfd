import type { Source } from "../architecture/Source.ts"

/** A fenced block of a document. */
export interface CodeBlock {
  readonly language: string
  readonly code: string
  /** Of the line that opens it. */
  readonly line: number
}

/** The fenced blocks of Markdown, in order. `firstLine` is the number of its first line. */
export const codeBlocks = (markdown: string, firstLine = 1): ReadonlyArray<CodeBlock> => {
  const blocks: Array<CodeBlock> = []
  let open: { language: string; indent: string; line: number; lines: Array<string> } | undefined
  for (const [index, text] of markdown.split("\n").entries()) {
    const fence = text.match(/^(\s*)```\s*([\w-]*)/)
    if (open === undefined) {
      if (fence === null) continue
      open = { language: fence[2] ?? "", indent: fence[1] ?? "", line: firstLine + index, lines: [] }
    } else if (fence === null) {
      open.lines.push(text.startsWith(open.indent) ? text.slice(open.indent.length) : text.trimStart())
    } else {
      blocks.push({ language: open.language, line: open.line, code: open.lines.join("\n") })
      open = undefined
    }
  }
  return blocks
}

/** A program of a document and, where the document says it, what it prints. */
export interface Program {
  readonly path: string
  readonly line: number
  readonly code: string
  readonly prints: string | undefined
}

const isProgram = ({ language }: CodeBlock): boolean => language === "ts" || language === "typescript"

const isOutput = (block: CodeBlock | undefined): block is CodeBlock =>
  block !== undefined && (block.language === "text" || block.language === "console")

/** The `ts` blocks of a page; the block right after one, if it is `text` or `console`, is what it prints. */
export const programsInPage = (path: string, markdown: string): ReadonlyArray<Program> =>
  codeBlocks(markdown).flatMap((block, index, blocks) => {
    if (!isProgram(block)) return []
    const next = blocks[index + 1]
    return [{ path, line: block.line, code: block.code, prints: isOutput(next) ? next.code : undefined }]
  })

/** What `// => value` comments promise, one printed line each. */
const promised = (code: string): string | undefined => {
  const values = [...code.matchAll(/\/\/ => (.*)$/gm)].map((found) => (found[1] ?? "").trimEnd())
  return values.length === 0 ? undefined : values.join("\n")
}

/** The `ts` blocks under `@example` in the doc comments of a source. */
export const programsInComments = ({ path, text }: Source): ReadonlyArray<Program> =>
  [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const firstLine = text.slice(0, comment.index).split("\n").length
    let inExample = false
    const lines = comment[0].split("\n").map((line) => {
      const bare = line.replace(/^\s*(\/\*\*|\*\/|\* ?)/, "").replace(/\*\/\s*$/, "")
      const tag = bare.match(/^\s*@(\w+)/)
      if (tag !== null) inExample = tag[1] === "example"
      return inExample ? bare : ""
    })
    return codeBlocks(lines.join("\n"), firstLine)
      .filter(isProgram)
      .map(({ code, line }) => ({ path, line, code, prints: promised(code) }))
  })
