import Lanes
import Records
import Setup

/// The dependencies that all runs of a dispatcher share.
final class RunContext: Sendable {
  let home: Home
  let effects: EffectPerformer
  let links: Links
  let admissions: Admissions
  let backoff: Backoff
  let clock: WallClock

  init(
    home: Home, effects: EffectPerformer, links: Links, admissions: Admissions, backoff: Backoff,
    clock: WallClock
  ) {
    (self.home, self.effects, self.links) = (home, effects, links)
    (self.admissions, self.backoff, self.clock) = (admissions, backoff, clock)
  }
}
