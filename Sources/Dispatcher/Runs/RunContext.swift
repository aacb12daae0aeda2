import Records
import Setup

/// The dependencies that all runs of a dispatcher share.
struct RunContext: Sendable {
  let home: Home
  let effects: EffectPerformer
  let links: Links
  let backoff: Backoff
  let clock: WallClock
}
