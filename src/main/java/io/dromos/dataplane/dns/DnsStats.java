package io.dromos.dataplane.dns;

import java.util.concurrent.atomic.LongAdder;

/** Counters of the name server since it started. */
public final class DnsStats {
  final LongAdder answered = new LongAdder();
  final LongAdder forwarded = new LongAdder();
  final LongAdder forwardFailures = new LongAdder();
  final LongAdder dropped = new LongAdder();

  DnsStats() {}

  /** Queries answered from our own zones, refusals included. */
  public long answered() {
    return answered.sum();
  }

  /** Queries passed on to an upstream server. */
  public long forwarded() {
    return forwarded.sum();
  }

  /** Of these, answered SERVFAIL because no upstream server answered. */
  public long forwardFailures() {
    return forwardFailures.sum();
  }

  /** Packets that got no reply: malformed beyond a header, or beyond the limit in flight. */
  public long dropped() {
    return dropped.sum();
  }
}
