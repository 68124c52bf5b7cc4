package io.dromos.bench;

import static io.dromos.bench.BenchTable.number;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Contenders under the same load, one after the other, round after round. Ratios are taken within a
 * round, so that what the machine does besides hits all alike, and their median is told.
 */
final class Rounds {
  private static final int ROUNDS = Integer.getInteger("dromos.bench.rounds", 5);
  private static final double SECONDS =
      Double.parseDouble(System.getProperty("dromos.bench.seconds", "2"));
  private static final double WARM_UP =
      Double.parseDouble(System.getProperty("dromos.bench.warmup", "3"));

  private static final List<String> ONLY =
      Arrays.stream(System.getProperty("dromos.bench.only", "").split(";"))
          .filter(beginning -> !beginning.isBlank())
          .toList();

  static final List<String> COLUMNS =
      List.of(
          "load",
          "server",
          "answers/s",
          "ratio of answers/s",
          "CPU µs an answer: all, own",
          "ratio of CPU",
          "p99 ms",
          "aim");

  private final BenchTable table;

  Rounds(BenchTable table) {
    this.table = table;
  }

  /**
   * Measures and tells.
   *
   * @param load what it is, in words
   * @param yardsticks those of them that ratios are taken to: the fastest
   */
  void run(String load, List<Contender> yardsticks, List<Contender> all)
      throws IOException, InterruptedException {
    List<Contender> contenders = all.stream().filter(Rounds::isWanted).toList();
    for (Contender contender : contenders) {
      contender.warmUp(WARM_UP);
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Contender contender : contenders) {
        contender.round(SECONDS);
      }
    }
    Contender yardstick =
        yardsticks.stream()
            .filter(Rounds::isWanted)
            .max(Comparator.comparingDouble(c -> median(c.samples(), Contender.Sample::rate)))
            .orElse(contenders.get(0));
    for (Contender contender : contenders) {
      tell(load, contender, yardstick);
    }
  }

  private static boolean isWanted(Contender contender) {
    return ONLY.isEmpty() || ONLY.stream().anyMatch(contender.name()::startsWith);
  }

  private void tell(String load, Contender contender, Contender yardstick) throws IOException {
    List<Contender.Sample> samples = contender.samples();
    long failed = samples.stream().mapToLong(Contender.Sample::failed).sum();
    table.row(
        List.of(
            load,
            contender.name(),
            number("%,.0f", median(samples, Contender.Sample::rate)),
            number("%.2f", ratio(contender, yardstick, Contender.Sample::rate)),
            number(
                "%.1f, %.1f",
                median(samples, Contender.Sample::total), median(samples, Contender.Sample::own)),
            number("%.2f", ratio(yardstick, contender, Contender.Sample::total)),
            number("%.1f", median(samples, Contender.Sample::p99Millis)),
            contender.aim() + (failed > 0 ? " (" + failed + " failed)" : "")));
  }

  private static double ratio(
      Contender above, Contender below, ToDoubleFunction<Contender.Sample> figure) {
    double[] ratios =
        IntStream.range(0, above.samples().size())
            .mapToDouble(
                round ->
                    figure.applyAsDouble(above.samples().get(round))
                        / figure.applyAsDouble(below.samples().get(round)))
            .sorted()
            .toArray();
    return ratios[ratios.length / 2];
  }

  private static double median(
      List<Contender.Sample> samples, ToDoubleFunction<Contender.Sample> figure) {
    double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
