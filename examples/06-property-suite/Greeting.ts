/** How this team's chat widget greets a visitor: by what they typed as their name. */
export type Greeting = (name: string | null) => string

const MAX_NAME = 12

/** The first try. */
export const first: Greeting = (name) => (name === null ? "Hello!" : `Hello ${name.trim().slice(0, MAX_NAME)}!`)

const segmenter = new Intl.Segmenter()

/** Cuts between characters as people see them; a name that shows nothing is none. */
export const better: Greeting = (name) => {
  const shown = (name ?? "").replace(/[\p{C}\p{Z}]+/gu, " ").trim()
  const cut = [...segmenter.segment(shown)].slice(0, MAX_NAME).map(({ segment }) => segment)
  return shown === "" ? "Hello!" : `Hello ${cut.join("").trim()}!`
}
