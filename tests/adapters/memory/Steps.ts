import { type Profiler, Session } from "node:inspector/promises"
import { setFlagsFromString } from "node:v8"

/** V8's compilers that inline functions: what is inlined is not counted. */
const compilers = ["opt", "maglev"]

/**
 * Counts what the memory adapter does: how often its functions, branches and loop bodies run, as V8's precise coverage
 * reports them. The same for the same work on every machine. What V8's own built-ins do inside (the shift of an
 * array's splice) is not seen; what is called for each item is.
 */
export class Steps {
  private readonly session: Session

  private constructor(session: Session) {
    this.session = session
  }

  static async counting(): Promise<Steps> {
    for (const flag of compilers) setFlagsFromString(`--no-${flag}`)
    const session = new Session()
    session.connect()
    await session.post("Profiler.enable")
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true })
    return new Steps(session)
  }

  /** The steps of some synchronous work. */
  async of(work: () => unknown): Promise<number> {
    await this.session.post("Profiler.takePreciseCoverage")
    work()
    const { result } = await this.session.post("Profiler.takePreciseCoverage")
    return result
      .filter(({ url }) => url.includes("/adapters/memory/") && !url.includes("/tests/"))
      .reduce((sum, script) => sum + stepsIn(script), 0)
  }

  stop(): void {
    this.session.disconnect()
    for (const flag of compilers) setFlagsFromString(`--${flag}`)
  }
}

const stepsIn = ({ functions }: Profiler.ScriptCoverage): number =>
  functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0)
