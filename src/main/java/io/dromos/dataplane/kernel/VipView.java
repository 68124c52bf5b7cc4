package io.dromos.dataplane.kernel;

import io.dromos.routing.LocalPool;
import io.dromos.routing.Vip;

/**
 * The kernel's view of VIP addresses: the index of a name, counted from a base that containers can
 * reach. An address VIP is its own view.
 *
 * @param local what snapshots carry
 * @param kernel what this plane serves
 */
record VipView(LocalPool local, LocalPool kernel) {
  static boolean isAddress(Vip vip) {
    return vip.name().equals(vip.localAddress());
  }

  String address(Vip vip) {
    return isAddress(vip) ? vip.name() : kernel.address(local.index(vip.localAddress()));
  }

  /** The pool as a prefix. */
  String prefix() {
    return kernel.address(0) + "/" + (32 - LocalPool.INDEX_BITS);
  }
}
