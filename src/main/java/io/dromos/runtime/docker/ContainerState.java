package io.dromos.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.NetworkSettings;
import io.dromos.runtime.RuntimeStatus;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the Engine's description of a container means for its task. */
final class ContainerState {
  private ContainerState() {}

  static RuntimeStatus status(InspectContainerResponse container, Instant now) {
    InspectContainerResponse.ContainerState state = container.getState();
    if (Boolean.TRUE.equals(state.getRunning()) || Boolean.TRUE.equals(state.getPaused())) {
      return new RuntimeStatus.Running(
          time(state.getStartedAt(), now), container.getId(), addresses(container));
    }
    Long code = state.getExitCodeLong();
    Integer exitCode = code == null ? null : code.intValue();
    return new RuntimeStatus.Ended(
        time(state.getFinishedAt(), now), exitCode, sentence(state, exitCode));
  }

  /** Those the Engine gave it; none in host mode, where it names empty ones. */
  private static List<String> addresses(InspectContainerResponse container) {
    NetworkSettings settings = container.getNetworkSettings();
    if (settings == null || settings.getNetworks() == null) {
      return List.of();
    }
    return settings.getNetworks().values().stream()
        .flatMap(
            network ->
                Stream.of(text(network.getIpAddress()), text(network.getGlobalIPv6Address())))
        .filter(address -> !address.isBlank())
        .distinct()
        .sorted()
        .toList();
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String sentence(
      InspectContainerResponse.ContainerState state, @Nullable Integer exitCode) {
    String sentence = String.format(Locale.ROOT, "Container exited with status %s", exitCode);
    if (Boolean.TRUE.equals(state.getOOMKilled())) {
      return sentence + ": its memory limit was exceeded";
    }
    String error = state.getError();
    return error == null || error.isBlank() ? sentence : sentence + ": " + error.strip();
  }

  private static Instant time(@Nullable String text, Instant otherwise) {
    try {
      // The Engine writes year 1 for "never".
      Instant parsed = text == null ? otherwise : Instant.parse(text);
      return parsed.isBefore(Instant.EPOCH) ? otherwise : parsed;
    } catch (DateTimeParseException e) {
      return otherwise;
    }
  }
}
