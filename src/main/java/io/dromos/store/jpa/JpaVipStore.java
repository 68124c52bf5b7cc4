package io.dromos.store.jpa;

import io.dromos.store.VipIndices;
import io.dromos.store.VipStore;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** VIP indices; {@link VipIndices} decides, this remembers. */
final class JpaVipStore implements VipStore {
  private final JpaSession session;

  JpaVipStore(JpaSession session) {
    this.session = session;
  }

  @Override
  public Map<String, Integer> indices() {
    return load().indices();
  }

  @Override
  public void retain(Set<String> names, Instant now) {
    session.write(
        () -> {
          VipIndices before = load();
          VipIndices after = before.retain(names, now);
          if (after.equals(before)) {
            return;
          }
          session.nextRevision();
          // Expired names first: their indices may have been given away.
          for (String name : before.slots().keySet()) {
            if (!after.slots().containsKey(name)) {
              session.execute("delete from vip_index where name = ?1", name);
            }
          }
          after
              .slots()
              .forEach(
                  (name, slot) -> {
                    if (!slot.equals(before.slots().get(name))) {
                      session.em().merge(new VipIndexEntity(name, slot));
                    }
                  });
        });
  }

  private VipIndices load() {
    Map<String, VipIndices.Slot> slots = new TreeMap<>();
    session
        .em()
        .createQuery("select v from VipIndexEntity v", VipIndexEntity.class)
        .setHint("eclipselink.read-only", true)
        .getResultList()
        .forEach(row -> slots.put(row.name(), row.slot()));
    return new VipIndices(slots);
  }
}
