/**
 * A text as PostgreSQL can hold it. Its `text` has no NUL, and UTF-8 no halves of surrogate pairs; a visitor can type
 * both. Such a text is kept as the JSON string that means it.
 */
export interface StoredText {
  readonly value: string
  readonly isEscaped: boolean
}

export const store = (text: string): StoredText =>
  text.includes("\0") || !text.isWellFormed()
    ? { value: JSON.stringify(text), isEscaped: true }
    : { value: text, isEscaped: false }

export const load = (value: string, isEscaped: boolean): string => (isEscaped ? String(JSON.parse(value)) : value)

/** Texts as a statement aggregates them: `[[ref, value, is_escaped], …]`. */
export type TextRows = ReadonlyArray<readonly [ref: string, value: string, isEscaped: boolean]>
