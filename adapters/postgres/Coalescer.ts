import { Effect, Exit } from "effect"
import type { StoreError } from "leadline/ports"

/** How requests of one kind travel together. */
export interface Travel<Request, Answer> {
  /** Statements under way at once for one queue. */
  readonly inFlight: number
  /** Requests that one statement takes at most. */
  readonly perStatement: number
  /** For a new statement: says of each request in turn whether it may go along, and knows what did. */
  readonly boarding: () => (request: Request) => boolean
  /** Answers each request, in order; as a whole it fails only with what is true of all. */
  readonly send: (
    queue: string,
    batch: ReadonlyArray<Request>
  ) => Effect.Effect<ReadonlyArray<Exit.Exit<Answer, StoreError>>, StoreError>
}

interface Waiting<Request, Answer> {
  readonly request: Request
  readonly resume: (answer: Effect.Effect<Answer, StoreError>) => void
}

interface Queue<Request, Answer> {
  waiting: Array<Waiting<Request, Answer>>
  underWay: number
}

/**
 * Requests that wait anyway are sent together (group commit): one goes at once when less than `inFlight` statements are
 * under way; what comes meanwhile waits for one of them and then goes in one statement. Nobody waits for company.
 *
 * Whoever asked may be interrupted; what they asked happens all the same.
 */
export interface Coalescer<Request, Answer> {
  readonly ask: (queue: string, request: Request) => Effect.Effect<Answer, StoreError>
  /** When nothing is under way any more: for a graceful end. */
  readonly idle: Effect.Effect<void>
}

export const make = <Request, Answer>(travel: Travel<Request, Answer>): Coalescer<Request, Answer> => {
  const queues = new Map<string, Queue<Request, Answer>>()
  const whenIdle = new Set<() => void>()

  const next = (queue: Queue<Request, Answer>): ReadonlyArray<Waiting<Request, Answer>> => {
    const batch: Array<Waiting<Request, Answer>> = []
    const left: Array<Waiting<Request, Answer>> = []
    const boards = travel.boarding()
    // shared out among the statements that may go now, so that one is worked on here while the server has another
    const share = Math.ceil(queue.waiting.length / (travel.inFlight - queue.underWay))
    const most = Math.min(share, travel.perStatement)
    for (const one of queue.waiting) {
      const goes = batch.length < most && boards(one.request)
      ;(goes ? batch : left).push(one)
    }
    queue.waiting = left
    return batch
  }

  const depart = (name: string, queue: Queue<Request, Answer>): void => {
    while (queue.underWay < travel.inFlight && queue.waiting.length > 0) {
      const batch = next(queue)
      queue.underWay++
      const sent = travel.send(
        name,
        batch.map(({ request }) => request)
      )
      Effect.runFork(sent).addObserver((exit) => {
        queue.underWay--
        depart(name, queue)
        if (queue.underWay === 0) queues.delete(name)
        for (const [at, { resume }] of batch.entries()) {
          const answer = Exit.isSuccess(exit) ? exit.value[at] : Exit.failCause(exit.cause)
          resume(answer === undefined ? Effect.die(new Error("a statement answered less than it was asked")) : answer)
        }
        if (queues.size === 0) for (const done of whenIdle) done()
      })
    }
  }

  const enter = (name: string, one: Waiting<Request, Answer>): void => {
    const known = queues.get(name)
    const queue = known ?? { waiting: [], underWay: 0 }
    queues.set(name, queue)
    queue.waiting.push(one)
    // after what runs now: requests made in the same breath go together
    if (queue.waiting.length === 1) queueMicrotask(() => depart(name, queue))
  }

  return {
    ask: (name, request) => Effect.callback<Answer, StoreError>((resume) => enter(name, { request, resume })),
    idle: Effect.callback<void>((resume) => {
      if (queues.size === 0) return resume(Effect.void)
      const done = () => {
        whenIdle.delete(done)
        resume(Effect.void)
      }
      whenIdle.add(done)
    })
  }
}
