package io.dromos.dataplane.http;

import static io.dromos.dataplane.http.Edges.freePort;
import static io.dromos.dataplane.http.Snapshots.aSnapshot;
import static io.dromos.dataplane.http.Snapshots.active;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dromos.dataplane.tls.TestCertificates;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** gRPC's own client and server with the edge between them, plain and under TLS. */
@Timeout(60)
class EdgeGrpcTest {
  @TempDir private Path dir;
  private Server server;
  private EdgePlane edge;
  private int plain;
  private int tls;

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
    return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
        .setFullMethodName("test.Echo/" + name)
        .setType(type)
        .build();
  }

  private static final MethodDescriptor<byte[], byte[]> ONE = method("One", MethodType.UNARY);
  private static final MethodDescriptor<byte[], byte[]> MANY =
      method("Many", MethodType.SERVER_STREAMING);
  private static final MethodDescriptor<byte[], byte[]> BOTH =
      method("Both", MethodType.BIDI_STREAMING);

  @BeforeEach
  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .maxInboundMessageSize(16 * Edges.MEGABYTE)
            .addService(
                ServerServiceDefinition.builder("test.Echo")
                    .addMethod(ONE, ServerCalls.asyncUnaryCall(EdgeGrpcTest::one))
                    .addMethod(MANY, ServerCalls.asyncServerStreamingCall(EdgeGrpcTest::many))
                    .addMethod(BOTH, ServerCalls.asyncBidiStreamingCall(EdgeGrpcTest::both))
                    .build())
            .build()
            .start();
    plain = freePort();
    tls = freePort();
    Path certificates = dir.resolve("certificates");
    TestCertificates.write(certificates.resolve("a.pem"), TestCertificates.pem(Edges.HOST));
    edge = TlsEdges.edge(plain, tls, certificates, ProxyLimits.DEFAULT);
    edge.apply(aSnapshot().vhost(Edges.HOST, null, active("grpc", server.getPort())).build());
  }

  @AfterEach
  void stop() {
    edge.close();
    server.shutdownNow();
  }

  private static void one(byte[] asked, StreamObserver<byte[]> answer) {
    if (asked.length == 0) {
      answer.onError(Status.FAILED_PRECONDITION.withDescription("nothing sent").asException());
    } else {
      answer.onNext(asked);
      answer.onCompleted();
    }
  }

  private static void many(byte[] asked, StreamObserver<byte[]> answer) {
    for (int i = 0; i < 1000; i++) {
      answer.onNext(asked);
    }
    answer.onCompleted();
  }

  private static StreamObserver<byte[]> both(StreamObserver<byte[]> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(byte[] value) {
        answer.onNext(value);
      }

      @Override
      public void onError(Throwable cause) {
        answer.onError(cause);
      }

      @Override
      public void onCompleted() {
        answer.onCompleted();
      }
    };
  }

  private ManagedChannel channel(boolean secure) throws IOException {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress("127.0.0.1", secure ? tls : plain)
            .overrideAuthority(Edges.HOST)
            .maxInboundMessageSize(16 * Edges.MEGABYTE);
    return secure
        ? builder
            .sslContext(
                GrpcSslContexts.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .build())
            .build()
        : builder.usePlaintext().build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callsOfEveryKindComeThrough(boolean secure) throws Exception {
    ManagedChannel channel = channel(secure);
    try {
      byte[] big = new byte[8 * Edges.MEGABYTE];
      CallOptions soon = CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
      assertEquals(
          big.length, ClientCalls.blockingUnaryCall(channel, ONE, soon, big).length, "8 MiB back");
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () -> ClientCalls.blockingUnaryCall(channel, ONE, soon, new byte[0]));
      assertEquals(Status.Code.FAILED_PRECONDITION, refused.getStatus().getCode());
      assertEquals("nothing sent", refused.getStatus().getDescription());
      Iterator<byte[]> answers =
          ClientCalls.blockingServerStreamingCall(channel, MANY, soon, new byte[1000]);
      int count = 0;
      while (answers.hasNext()) {
        count += answers.next().length;
      }
      assertEquals(1_000_000, count);
      pingPong(channel, soon);
    } finally {
      channel.shutdownNow();
    }
  }

  /** Each message waits for the answer to the one before: nothing may be held back anywhere. */
  private static void pingPong(ManagedChannel channel, CallOptions options) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicInteger received = new AtomicInteger();
    @SuppressWarnings({"unchecked", "rawtypes"})
    StreamObserver<byte[]>[] sending = new StreamObserver[1];
    CountDownLatch ready = new CountDownLatch(1);
    sending[0] =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(BOTH, options),
            new StreamObserver<byte[]>() {
              @Override
              public void onNext(byte[] value) {
                try {
                  ready.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                if (received.incrementAndGet() < 200) {
                  sending[0].onNext(value);
                } else {
                  sending[0].onCompleted();
                }
              }

              @Override
              public void onError(Throwable cause) {
                ended.countDown();
              }

              @Override
              public void onCompleted() {
                ended.countDown();
              }
            });
    ready.countDown();
    sending[0].onNext(new byte[100]);
    assertEquals(true, ended.await(5, TimeUnit.SECONDS), "ended; received " + received.get());
    assertEquals(200, received.get());
  }
}
