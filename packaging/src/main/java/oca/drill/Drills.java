package oca.drill;

import java.util.List;
import java.util.Optional;
import oca.demo.Fleet;
import oca.drill.Drill.Limits;

/**
 * All drills. The order is that in which they are best done to one fleet: what leaves scars, last.
 */
public final class Drills {
  private static final Optional<String> NONE = Optional.empty();
  private static final Optional<String> STRACE = Optional.of("strace");

  private Drills() {}

  /** In order. */
  public static List<Drill> all() {
    return List.of(
        new Drill(
            "kill-appliance",
            "an appliance that dies is left by its viewers within their buffers, and by steering"
                + " within its lease",
            "SIGKILL to one appliance",
            Limits.MOVED,
            NONE,
            Faults.killVictim()),
        new Drill(
            "stop-appliance",
            "an appliance that stands still is left like one that died, after a request's timeout",
            "SIGSTOP to one appliance",
            new Limits(0, 4, 0.5),
            NONE,
            Faults.stopVictim()),
        new Drill(
            "heartbeat-loss",
            "an appliance that steering does not hear is left, and those who play from it play on",
            "the wire from one appliance to steering is cut",
            Limits.MOVED,
            NONE,
            Faults.cutHeartbeats()),
        new Drill(
            "steering-gone",
            "who plays goes on playing, who starts meanwhile is served by the origin",
            "SIGKILL to steering",
            Limits.FARTHER,
            NONE,
            Faults.kill(Fleet.STEERING)),
        new Drill(
            "controller-gone",
            "nobody notices that nothing is planned",
            "SIGKILL to the fill controller",
            Limits.UNSEEN,
            NONE,
            Faults.kill(Fleet.CONTROLLER)),
        new Drill(
            "origin-gone",
            "what appliances hold is served on; only what they do not hold fails",
            "SIGKILL to the origin",
            new Limits(0.4, 4, 0),
            NONE,
            Faults.kill(Fleet.ORIGIN)),
        new Drill(
            "database-gone",
            "nobody notices that fills cannot be written down",
            "SIGKILL to the PostgreSQL in which the fill controller keeps its jobs",
            Limits.UNSEEN,
            Optional.of("postgres"),
            Surroundings.killDatabase()),
        new Drill(
            "site-loss",
            "viewers of a site that is gone are served from elsewhere, and oca whatif foretells"
                + " from where, within two points of all bytes",
            "SIGKILL to all appliances at one site",
            Limits.FARTHER,
            NONE,
            Faults.killSite()),
        new Drill(
            "route-withdrawal",
            "viewers whose network no router announces any more are served all the same",
            "the router of one site, on its BGP session with steering, withdraws the network of the"
                + " viewers there",
            Limits.FARTHER,
            NONE,
            Surroundings.withdrawRoutes()),
        new Drill(
            "clock-jump",
            "an appliance whose clock is an hour ahead serves on, and stays in answers",
            "one appliance's wall clock jumps an hour ahead",
            Limits.UNSEEN,
            Optional.of("faketime"),
            Surroundings.jumpClock(3600)),
        new Drill(
            "connection-storm",
            "idle connections of a stranger cost viewers nothing",
            "2000 connections to one appliance that say nothing",
            Limits.MOVED,
            NONE,
            Faults.storm(2000)),
        new Drill(
            "slow-readers",
            "readers that read nothing cost viewers nothing",
            "300 requests to one appliance whose answers nobody reads",
            Limits.MOVED,
            NONE,
            Faults.slowReaders(300)),
        new Drill(
            "bad-reload",
            "a configuration that is no use is refused, and the appliance serves on by the old one",
            "one appliance's configuration is damaged and it is told to read it",
            Limits.UNSEEN,
            NONE,
            Faults.badReload()),
        new Drill(
            "bad-plan",
            "a catalogue that lost nearly everything does not empty the appliances",
            "the publisher's catalogue names one title",
            Limits.FARTHER,
            NONE,
            Faults.emptyCatalogue()),
        new Drill(
            "disk-slow",
            "viewers of an appliance with a slow disk are late by no more than their buffers hold",
            "each read and send of one appliance takes 50 ms longer",
            new Limits(0, 2, 0.5),
            STRACE,
            Faults.systemCalls("sendfile:delay_enter=50000", "pread64:delay_enter=50000")),
        new Drill(
            "disk-eio",
            "a disk that fails is not served from, and its viewers get the same bytes elsewhere",
            "each read and send of one appliance fails with EIO",
            Limits.MOVED,
            STRACE,
            Faults.systemCalls("sendfile:error=EIO", "pread64:error=EIO")),
        new Drill(
            "disk-full",
            "an appliance that cannot write serves what it holds",
            "each write of one appliance to a file fails with ENOSPC",
            Limits.UNSEEN,
            STRACE,
            Faults.systemCalls("fallocate:error=ENOSPC", "pwrite64:error=ENOSPC")),
        new Drill(
            "kill-while-filling",
            "an appliance that dies in the middle of a file goes on with it, and nobody gets a"
                + " wrong byte",
            "SIGKILL to an appliance that fetches files",
            Limits.MOVED,
            NONE,
            Faults.killWhileFilling()),
        new Drill(
            "index-lost",
            "the index is a hint: an appliance that lost it serves the same files",
            "one appliance is killed, loses its index, and starts",
            Limits.MOVED,
            NONE,
            Faults.loseIndex()),
        new Drill(
            "bit-rot",
            "no viewer gets a byte that the disk changed",
            "one bit in each 256 KiB of one appliance's files",
            Limits.MOVED,
            NONE,
            Faults.rotVictim(7)),
        new Drill(
            "lying-source",
            "what a source altered is found out by its digest, and no viewer gets it",
            "one bit in each 256 KiB of one appliance's files, and one in each 8 KiB of what the"
                + " origin sends to mend them",
            Limits.MOVED,
            NONE,
            Surroundings.lyingSource(Faults.rotVictim(11))));
  }

  /** The drill of that name. */
  public static Optional<Drill> named(String name) {
    return all().stream().filter(drill -> drill.name().equals(name)).findFirst();
  }
}
