package io.dromos.dataplane.dns;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counters of the name server since it started. */
public final class DnsStats {
  /** How a query ended. Each ends in one way, but a forwarded one may fail afterwards. */
  public enum Outcome {
    /** With records, from our own zones. */
    ANSWERED,
    /** The name exists, but not with the type that was asked. */
    NO_DATA,
    /** NXDOMAIN. */
    NO_SUCH_NAME,
    /** REFUSED: a transfer, a zone that does not exist, or somebody we do not forward for. */
    REFUSED,
    /** Answered FORMERR, NOTIMP or BADVERS. */
    FAULTY,
    /** Passed on to an upstream server. */
    FORWARDED,
    /** Of these, answered SERVFAIL because no upstream server answered. */
    FORWARD_FAILED,
    /** No reply: no query at all, too many in flight, or a client that does not read. */
    DROPPED,
    /** SERVFAIL: a bug. */
    FAILED
  }

  private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

  DnsStats() {
    for (Outcome outcome : Outcome.values()) {
      counts.put(outcome, new LongAdder());
    }
  }

  void count(Outcome outcome) {
    LongAdder counter = counts.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }

  public long of(Outcome outcome) {
    LongAdder counter = counts.get(outcome);
    return counter == null ? 0 : counter.sum();
  }

  /** All, in their order, by name in lower case. */
  public Map<String, Long> byOutcome() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      all.put(outcome.name().toLowerCase(Locale.ROOT), of(outcome));
    }
    return all;
  }
}
