package io.dromos.traffic;

import io.dromos.routing.DataPlane;
import io.dromos.routing.PlaneReport;
import io.dromos.routing.RoutingSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A plane that serves in place of the one that was asked for, and says so in its report. */
final class SecondChoice implements DataPlane {
  private final DataPlane plane;
  private final String asked;
  private final String reason;

  /**
   * @param asked the setting that asked for another plane
   * @param reason why there is none, with the fix
   */
  SecondChoice(DataPlane plane, String asked, String reason) {
    this.plane = plane;
    this.asked = asked;
    this.reason = reason;
  }

  @Override
  public String name() {
    return plane.name();
  }

  @Override
  public PlaneReport apply(RoutingSnapshot next) throws Exception {
    Map<String, String> degraded = new HashMap<>(plane.apply(next).degraded());
    degraded.put(asked, reason);
    return new PlaneReport(degraded);
  }

  @Override
  public Duration mendEvery() {
    return plane.mendEvery();
  }

  @Override
  public void drain() {
    plane.drain();
  }

  @Override
  public long open() {
    return plane.open();
  }

  @Override
  public void close() {
    plane.close();
  }
}
