/** Rules of the specification that no test title cites. It is empty; a new rule stands here until its test does. */
export const stillToCome: ReadonlyArray<string> = []
