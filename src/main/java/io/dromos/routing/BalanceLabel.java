package io.dromos.routing;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code BALANCE}: HAProxy's algorithms and their parameters. */
final class BalanceLabel {
  private static final Pattern NAMED = Pattern.compile("(hdr|random)\\(([!-'*-~]+)\\)");
  private static final Set<String> NOT_HERE = Set.of("rdp-cookie", "log-hash", "log-sticky");

  private BalanceLabel() {}

  static Balance read(LabelReader reader) {
    String value = reader.text(EdgeLabel.BALANCE);
    if (value == null) {
      return Balance.TURNS;
    }
    String[] words = value.strip().split("\\s+");
    String word = words[0].toLowerCase(Locale.ROOT);
    int used = 1;
    Balance balance =
        switch (word) {
          case "roundrobin", "static-rr" -> new Balance(Balance.Kind.ROUND_ROBIN, null);
          case "leastconn" -> new Balance(Balance.Kind.LEAST_CONNECTIONS, null);
          case "first" -> new Balance(Balance.Kind.FIRST, null);
          case "random" -> new Balance(Balance.Kind.RANDOM, null);
          case "source" -> new Balance(Balance.Kind.SOURCE, null);
          case "uri" -> new Balance(Balance.Kind.URI, null);
          default -> null;
        };
    Matcher named = NAMED.matcher(words[0]);
    if (word.equals("url_param") && words.length > 1) {
      balance = new Balance(Balance.Kind.PARAMETER, words[1]);
      used = 2;
    } else if (named.matches()) {
      balance =
          named.group(1).equals("hdr")
              ? new Balance(Balance.Kind.HEADER, named.group(2))
              : new Balance(Balance.Kind.RANDOM, null);
    }
    if (balance == null && NOT_HERE.contains(word.replaceFirst("\\(.*", ""))) {
      reader.unsupported(EdgeLabel.BALANCE, words[0] + " is not supported; backends take turns");
      return Balance.TURNS;
    }
    if (balance == null) {
      reader.malformed(
          EdgeLabel.BALANCE,
          "'"
              + value
              + "' is not an algorithm: roundrobin, static-rr, leastconn, first, random, source,"
              + " uri, url_param NAME or hdr(NAME)");
      return Balance.TURNS;
    }
    if (words.length > used) {
      reader.unsupported(EdgeLabel.BALANCE, "the option " + words[used] + " has no effect");
    }
    return balance;
  }
}
