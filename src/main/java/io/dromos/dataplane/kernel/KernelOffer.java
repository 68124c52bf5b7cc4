package io.dromos.dataplane.kernel;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.LocalPool;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Whether this machine lets us have a kernel plane, and the plane. Asking leaves no trace. */
public final class KernelOffer {
  private final Tools tools;
  private final VipView view;
  private final Owner self;
  private final Routes routes;
  private final boolean keep;
  private final Probe.Finding finding;

  private KernelOffer(
      Tools tools, VipView view, Owner self, Routes routes, boolean keep, Probe.Finding finding) {
    this.tools = tools;
    this.view = view;
    this.self = self;
    this.routes = routes;
    this.keep = keep;
    this.finding = finding;
  }

  /**
   * Looks whether the kernel would take our table, whether the addresses are free, and whether
   * another node is there already.
   *
   * @throws Settings.InvalidSettingException for settings that cannot be used
   */
  public static KernelOffer of(Settings settings) {
    return of(settings, new Programs());
  }

  static KernelOffer of(Settings settings, Tools tools) {
    VipView view =
        new VipView(
            pool(settings, Setting.VIP_LOCAL_POOL), pool(settings, Setting.VIP_KERNEL_POOL));
    if (view.kernel().contains(view.local().address(0))
        || view.local().contains(view.kernel().address(0))
        || view.kernel().address(0).startsWith("127.")) {
      throw new Settings.InvalidSettingException(
          Setting.VIP_KERNEL_POOL.key()
              + "="
              + settings.text(Setting.VIP_KERNEL_POOL)
              + ": give a prefix outside of "
              + Setting.VIP_LOCAL_POOL.key()
              + " and of 127.0.0.0/8, such as 11.0.0.0/9");
    }
    Owner self = Owner.self(settings.path(Setting.DATA_DIR));
    Routes routes = new Routes(tools, view.prefix(), settings.text(Setting.NODE_ADDRESS));
    Probe.Finding finding = new Probe(tools, routes, view.prefix(), self).look();
    return new KernelOffer(
        tools, view, self, routes, settings.flag(Setting.VIP_KERNEL_KEEP), finding);
  }

  private static LocalPool pool(Settings settings, Setting setting) {
    try {
      return LocalPool.parse(settings.text(setting));
    } catch (IllegalArgumentException e) {
      throw new Settings.InvalidSettingException(setting.key() + "=" + e.getMessage());
    }
  }

  /** Why there can be no kernel plane, with the fix; empty when there can. */
  public Optional<String> problem() {
    return finding.problem();
  }

  /** The plane; it touches the kernel with its first snapshot. */
  public KernelPlane open() {
    return open(System::nanoTime);
  }

  KernelPlane open(LongSupplier nanoTime) {
    KernelStats stats = new KernelStats();
    Ruleset rules = new Ruleset(view.prefix(), finding.timeouts());
    return new KernelPlane(
        new NftDispatch(tools, rules, routes, self, stats),
        new Flows(tools, stats),
        view,
        routes,
        keep,
        nanoTime,
        stats);
  }
}
