package io.dromos.store.jpa;

import io.dromos.store.VipIndices;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The VIP index of a name, in use or in quarantine. */
@Entity
@Table(name = "vip_index")
public class VipIndexEntity {
  @Id
  @Column(name = "name")
  private String name;

  @Column(name = "index")
  private int index;

  @Convert(converter = InstantConverter.class)
  @Column(name = "released_at")
  private @Nullable Instant releasedAt;

  protected VipIndexEntity() {}

  VipIndexEntity(String name, VipIndices.Slot slot) {
    this.name = name;
    this.index = slot.index();
    this.releasedAt = slot.releasedAt();
  }

  String name() {
    return name;
  }

  VipIndices.Slot slot() {
    return new VipIndices.Slot(index, releasedAt);
  }
}
