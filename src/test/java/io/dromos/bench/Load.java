package io.dromos.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a load generator told.
 *
 * @param completed good answers
 * @param seconds it took
 * @param p99Millis 99 of 100 were not slower; 0 where it does not tell
 * @param failed answers that were not good, and none at all
 * @param cpu processor seconds of the generator itself
 */
record Load(long completed, double seconds, double p99Millis, long failed, double cpu) {
  private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ([0-9.]+)(m?s|m)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s|m)");
  private static final Pattern ERRORS =
      Pattern.compile("connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
  private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
  private static final Pattern CPU = Pattern.compile("cpu ([0-9.]+) ([0-9.]+)");
  private static final Pattern ANSWERED = Pattern.compile("Queries completed:\\s+(\\d+)");
  private static final Pattern LOST = Pattern.compile("Queries lost:\\s+(\\d+)");
  private static final Pattern RUN_TIME = Pattern.compile("Run time \\(s\\):\\s+([0-9.]+)");
  private static final Pattern GOOD = Pattern.compile("NOERROR (\\d+)");

  /** HTTP by {@code wrk}, one thread. */
  static Load http(String url, List<String> headers, int connections, double seconds)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "wrk", "-t1", "-c" + connections, "-d" + Math.max(1, Math.round(seconds)) + "s"));
    command.addAll(List.of("--latency", "--timeout", "10s"));
    for (String header : headers) {
      command.addAll(List.of("-H", header));
    }
    command.add(url);
    String text = run(command);
    Matcher requests = found(REQUESTS, text);
    long failed = number(BAD, text);
    long completed = Long.parseLong(requests.group(1)) - failed;
    Matcher errors = ERRORS.matcher(text);
    if (errors.find()) {
      for (int i = 1; i <= 4; i++) {
        failed += Long.parseLong(errors.group(i));
      }
    }
    Matcher slow = found(P99, text);
    return new Load(
        completed,
        Double.parseDouble(requests.group(2)) * millis(requests.group(3)) / 1_000,
        Double.parseDouble(slow.group(1)) * millis(slow.group(2)),
        failed,
        cpu(text));
  }

  /** DNS by {@code dnsperf}, two threads. */
  static Load dns(int port, boolean tcp, String questions, int outstanding, double seconds)
      throws IOException, InterruptedException {
    String text =
        run(
            List.of(
                "dnsperf",
                "-m",
                tcp ? "tcp" : "udp",
                "-s",
                "127.0.0.1",
                "-p",
                String.valueOf(port),
                "-d",
                questions,
                "-T2",
                "-c20",
                "-q" + outstanding,
                "-l" + Math.max(1, Math.round(seconds))));
    long good = number(GOOD, text);
    return new Load(
        good,
        Double.parseDouble(found(RUN_TIME, text).group(1)),
        0,
        number(ANSWERED, text) - good + number(LOST, text),
        cpu(text));
  }

  private static double millis(String unit) {
    return switch (unit) {
      case "us" -> 0.001;
      case "ms" -> 1;
      case "s" -> 1_000;
      default -> 60_000;
    };
  }

  private static double cpu(String text) {
    Matcher cpu = found(CPU, text);
    return Double.parseDouble(cpu.group(1)) + Double.parseDouble(cpu.group(2));
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private static Matcher found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in: " + text);
    }
    return matcher;
  }

  /** Its output, with its processor time in the last line. */
  private static String run(List<String> command) throws IOException, InterruptedException {
    List<String> timed =
        new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='cpu %U %S'; time \"$@\"", "load"));
    timed.addAll(command);
    Process process = new ProcessBuilder(timed).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": " + text);
    }
    return text;
  }
}
