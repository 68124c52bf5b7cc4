package io.dromos.app;

/** What one instance asks for: CPU shares of a core, memory and disk in MiB, whole GPUs. */
public record Resources(double cpus, double memMiB, double diskMiB, int gpus) {
  public static final Resources NONE = new Resources(0, 0, 0, 0);

  public Resources plus(Resources other) {
    return new Resources(
        cpus + other.cpus, memMiB + other.memMiB, diskMiB + other.diskMiB, gpus + other.gpus);
  }

  public Resources minus(Resources other) {
    return new Resources(
        cpus - other.cpus, memMiB - other.memMiB, diskMiB - other.diskMiB, gpus - other.gpus);
  }
}
