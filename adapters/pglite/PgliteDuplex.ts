import { Duplex } from "node:stream"
import type { PGlite } from "@electric-sql/pglite"

/** Codes of the PostgreSQL protocol, version 3. */
const CANCEL_REQUEST = 80877102
const TERMINATE = 0x58

/**
 * Speaks the PostgreSQL protocol to a PGlite in this process instead of a server at the end of a socket, so that the same
 * driver, and the same SQL, serve both.
 */
export const make = (db: PGlite): Duplex => {
  const duplex: Duplex = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      // one session: there is nobody to cancel, and nothing to close
      if (chunk[0] === TERMINATE || (chunk.length === 16 && chunk.readInt32BE(4) === CANCEL_REQUEST)) return done()
      db.runExclusive(() => db.execProtocolRaw(chunk)).then((bytes) => {
        if (bytes.length > 0) duplex.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
        done()
      }, done)
    },
    final(done) {
      duplex.push(null)
      done()
    }
  })
  return duplex
}
