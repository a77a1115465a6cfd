/** Leads created one after another by many at once, and whom they went to. */
export interface Dealer {
  /** Creates so many, so many at a time; `from` numbers them, each once. */
  readonly create: (size: number, atOnce: number, from: number) => Promise<void>
  /** How many each member got. */
  readonly dealt: () => Promise<ReadonlyArray<number>>
  readonly close: () => Promise<void>
}

export const SELLERS = Array.from({ length: 10 }, (_, n) => `seller-${n}`)

/** F2: nobody gets two more than another. */
export const checkTurns = (dealt: ReadonlyArray<number>, size: number): void => {
  const sum = dealt.reduce((all, one) => all + one, 0)
  if (dealt.length !== SELLERS.length || sum !== size) throw new Error(`${sum} of ${size} were dealt`)
  if (Math.max(...dealt) - Math.min(...dealt) > 1) throw new Error(`turns are not kept: ${dealt.join(", ")}`)
}
