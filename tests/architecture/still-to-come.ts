/**
 * Rules of the specification that no test title cites yet, in the specification's order. It must end empty.
 *
 * Cited, but only as far as broadcast needs them; the rest comes with presence, assigned routing, timers and erasure:
 * B2 (signing in), B4 (leases), B5, B6 and C2 (offers), B8 (what closed means), C1 (`assigned`, `hybrid`), C10 (inviting,
 * observing), D5 (the timers themselves), D9 (transcript by email), J4 (the saga and its certificate).
 */
export const stillToCome: ReadonlyArray<string> = ["C3"]
