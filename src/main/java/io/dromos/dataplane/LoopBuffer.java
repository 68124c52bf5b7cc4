package io.dromos.dataplane;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * Reads of all connections of an event loop into one large buffer. For large answers the size of a
 * read is everything, and a buffer a connection would cost a quarter megabyte each. A reader that
 * keeps what it was given beyond its turn keeps the buffer, and the loop takes another: so readers
 * pass bytes on at once (see {@link Outlet}) or copy what they must keep.
 */
public final class LoopBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
  /** Larger ones gain nothing more. */
  public static final int SIZE = 256 << 10;

  private static final FastThreadLocal<Shared> OF_LOOP =
      new FastThreadLocal<>() {
        @Override
        protected Shared initialValue() {
          return new Shared();
        }

        @Override
        protected void onRemoval(Shared shared) {
          shared.release();
        }
      };

  @Override
  @SuppressWarnings("deprecation") // The only shape in which the transport takes it.
  public RecvByteBufAllocator.Handle newHandle() {
    return new SharedHandle();
  }

  private static final class Shared {
    private @Nullable ByteBuf buffer;

    ByteBuf take(ByteBufAllocator allocator) {
      ByteBuf own = buffer;
      if (own == null || own.refCnt() != 1) {
        release();
        own = allocator.ioBuffer(SIZE, SIZE);
        buffer = own;
      }
      return own.clear().retain();
    }

    void release() {
      if (buffer != null) {
        buffer.release();
        buffer = null;
      }
    }
  }

  private final class SharedHandle extends MaxMessageHandle {
    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return OF_LOOP.get().take(allocator);
    }

    @Override
    public int guess() {
      return SIZE;
    }
  }
}
