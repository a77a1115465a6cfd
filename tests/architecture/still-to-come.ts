/** Rules of the specification that no test title cites yet, in the specification's order. It must end empty. */
export const stillToCome: ReadonlyArray<string> = [
  ...["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8"],
  ...["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8"],
  ...["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "C11"],
  ...["D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10"],
  ...["E1", "E2", "E3", "E4", "E5", "E6", "E7"],
  ...["G1", "G4"],
  ...["H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8"],
  ...["I1", "I2", "I3"],
  ...["J1", "J2", "J3", "J4"],
  ...["K1", "K3", "K5"]
]
