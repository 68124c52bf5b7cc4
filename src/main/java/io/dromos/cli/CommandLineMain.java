package io.dromos.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/** Runs one command: picocli's tree over the classes of this package. */
public final class CommandLineMain {
  /** Exit status of a command that was understood and failed. */
  static final int FAILED = 1;

  private CommandLineMain() {}

  /** Runs {@code args} on the process's own streams; 0 done, 1 failed, 2 not understood. */
  public static int run(String[] args) {
    return run(args, System.in, System.out, System.err, System.getenv());
  }

  /** The same on given streams and environment. */
  static int run(
      String[] args, InputStream in, PrintStream out, PrintStream err, Map<String, String> env) {
    CommandContext context = new CommandContext(in, out, err, env);
    CommandLine line = new CommandLine(DromosCommand.class, factory(context));
    line.setUsageHelpWidth(100);
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof CommandFailedException known) {
            err.println("Error: " + known.words());
            return FAILED;
          }
          throw failure;
        });
    return line.execute(args);
  }

  /** Commands take the context in their constructor; picocli makes everything else itself. */
  private static CommandLine.IFactory factory(CommandContext context) {
    CommandLine.IFactory otherwise = CommandLine.defaultFactory();
    return new CommandLine.IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
          if (constructor.getParameterCount() == 1
              && constructor.getParameterTypes()[0] == CommandContext.class) {
            return type.cast(constructor.newInstance(context));
          }
        }
        return otherwise.create(type);
      }
    };
  }
}
