package io.dromos.api;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a client wants to see inside an app beside its definition (marathon-api reference, 1.6). */
record Embed(
    boolean tasks,
    boolean counts,
    boolean deployments,
    boolean readiness,
    boolean lastTaskFailure,
    boolean taskStats) {
  /** The definition alone. */
  static final Embed NONE = new Embed(false, false, false, false, false, false);

  private static final List<String> PREFIXES = List.of("group.apps.", "apps.", "app.", "");

  /** Of an app list: counts and deployments always, the rest as asked. */
  static Embed ofList(Collection<String> asked) {
    Embed embed = of(words(asked, PREFIXES));
    return new Embed(
        embed.tasks, true, true, embed.readiness, embed.lastTaskFailure, embed.taskStats);
  }

  /** Of one app: everything but readiness and statistics always. */
  static Embed ofOne(Collection<String> asked) {
    Embed embed = of(words(asked, PREFIXES));
    return new Embed(true, true, true, embed.readiness, true, embed.taskStats);
  }

  /** Of the apps in a group: only what is asked for with its full prefix. */
  static Embed inGroup(Collection<String> asked) {
    return of(words(asked, List.of("group.apps.")));
  }

  private static Embed of(Set<String> words) {
    boolean failures = words.contains("failures");
    boolean tasks = words.contains("tasks") || failures;
    return new Embed(
        tasks,
        words.contains("counts"),
        words.contains("deployments") || tasks,
        words.contains("readiness"),
        words.contains("lastTaskFailure") || failures,
        words.contains("taskStats"));
  }

  private static Set<String> words(Collection<String> asked, List<String> prefixes) {
    Set<String> words = new HashSet<>();
    for (String text : asked) {
      prefixes.stream()
          .filter(text::startsWith)
          .findFirst()
          .ifPresent(prefix -> words.add(text.substring(prefix.length())));
    }
    return words;
  }
}
