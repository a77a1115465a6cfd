import { createReadStream } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { Result } from "effect"
import { type BadLine, type ExportedChat, parseLine } from "./ChatLog.ts"

/** Where a chat's line lies in the file. */
interface Place {
  readonly line: number
  readonly start: number
  readonly offset: number
  readonly length: number
}

/** A log that was read through once: where each chat lies, in order of start, and which lines are no chats. */
export interface LogIndex {
  readonly places: ReadonlyArray<Place>
  readonly bad: ReadonlyArray<BadLine>
}

const NEWLINE = 0x0a

/** The file's lines with their places, one after another: the file is never in memory as a whole. */
async function* lines(file: string): AsyncGenerator<Omit<Place, "start"> & { readonly text: string }> {
  let rest: Buffer = Buffer.alloc(0)
  let offset = 0
  let line = 0
  const cut = (bytes: Buffer) => {
    const place = { line: ++line, offset, length: bytes.length, text: bytes.toString("utf8") }
    offset += bytes.length + 1
    return place
  }
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let from = 0
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, from)) {
      yield cut(rest.subarray(from, end))
      from = end + 1
    }
    rest = rest.subarray(from)
  }
  if (rest.length > 0) yield cut(rest)
}

/** Reads a log through once. Keeps four numbers a chat. Two chats of one id: the second line is refused. */
export const indexLog = async (file: string): Promise<LogIndex> => {
  const places: Array<Place> = []
  const bad: Array<BadLine> = []
  const seen = new Set<string>()
  for await (const { length, line, offset, text } of lines(file)) {
    const parsed = parseLine(text, line)
    if (parsed === null) continue
    if (Result.isFailure(parsed)) bad.push(parsed.failure)
    else if (seen.has(parsed.success.id)) bad.push({ line, field: "id", problem: `${parsed.success.id} came before` })
    else {
      seen.add(parsed.success.id)
      places.push({ line, offset, length, start: Date.parse(parsed.success.timestamp) })
    }
  }
  places.sort((a, b) => a.start - b.start || a.line - b.line)
  return { places, bad }
}

/** The chats of a log, in order of start, each read when it is asked for. */
export async function* chatsOf(file: string, index: LogIndex): AsyncGenerator<ExportedChat> {
  const handle = await open(file)
  try {
    for (const place of index.places) {
      const parsed = parseLine(await textAt(handle, place), place.line)
      if (parsed !== null && Result.isSuccess(parsed)) yield parsed.success
    }
  } finally {
    await handle.close()
  }
}

const textAt = async (handle: FileHandle, { length, offset }: Place): Promise<string> => {
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, offset)
  return buffer.toString("utf8")
}
