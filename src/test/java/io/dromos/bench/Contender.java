package io.dromos.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One of those that are measured in turn, and what was measured of it. */
final class Contender {
  /** A load of some seconds on the contender. */
  interface Attack {
    Load run(double seconds) throws IOException, InterruptedException;
  }

  /**
   * One round.
   *
   * @param rate good answers a second
   * @param total processor time of everybody for one of them, in µs
   * @param own of it, that of the contender itself
   */
  record Sample(double rate, double total, double own, double p99Millis, long failed) {}

  private final String name;
  private final String aim;
  private final List<Peer> servers;
  private final List<Peer> backends;
  private final Attack attack;
  private final List<Sample> samples = new ArrayList<>();

  /**
   * @param aim what is expected of it, in words, or nothing
   * @param servers its own processes
   * @param backends those of the others that its requests pass through
   */
  Contender(String name, String aim, List<Peer> servers, List<Peer> backends, Attack attack) {
    this.name = name;
    this.aim = aim;
    this.servers = servers;
    this.backends = backends;
    this.attack = attack;
  }

  String name() {
    return name;
  }

  String aim() {
    return aim;
  }

  void warmUp(double seconds) throws IOException, InterruptedException {
    var unused = attack.run(seconds);
  }

  void round(double seconds) throws IOException, InterruptedException {
    double own = cpu(servers);
    double others = cpu(backends);
    Load load = attack.run(seconds);
    own = cpu(servers) - own;
    others = cpu(backends) - others;
    double each = 1e6 / Math.max(1, load.completed());
    samples.add(
        new Sample(
            load.completed() / load.seconds(),
            (own + others + load.cpu()) * each,
            own * each,
            load.p99Millis(),
            load.failed()));
  }

  private static double cpu(List<Peer> peers) {
    return peers.stream().mapToDouble(Peer::cpu).sum();
  }

  List<Sample> samples() {
    return samples;
  }
}
