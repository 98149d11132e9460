package org.pawl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files, and content that is written piece by piece, from one to the other. */
class FilesTest extends AliceAndBob {
  private static final byte[] CONTENT = new byte[256_000];

  static {
    for (int i = 0; i < CONTENT.length; ++i) {
      CONTENT[i] = (byte) (i * 31);
    }
  }

  private Conversation toBob;

  @BeforeEach
  void begin() throws Exception {
    toBob = Conversation.open(alice, World.address("bob"));
  }

  @AfterEach
  void end() throws Exception {
    toBob.close();
  }

  private void assertArrives(Id id, String name) throws Exception {
    Event arrived = World.await(bob, it -> it.type() == EventType.MESSAGE);
    assertEquals(id, arrived.messageId());
    assertEquals(name, arrived.message().content().name());
    assertEquals(CONTENT.length, arrived.message().content().size());
    Path got = world.folder.resolve("got");
    within(bob.attachmentDownload(id, got.toString()));
    assertArrayEquals(CONTENT, Files.readAllBytes(got));
  }

  @Test
  void whatIsWrittenInPiecesArrivesWhole() throws Exception {
    AttachmentOptions options = new AttachmentOptions().name("all.bin").mediaType("application/octet-stream");
    Upload.BeginResult begun = Upload.begin(toBob, CONTENT.length, options);
    try (Upload upload = begun.upload()) {
      ByteBuffer rest = ByteBuffer.allocateDirect(156_000);
      rest.put(CONTENT, 100_000, 156_000).flip();
      upload.write(Arrays.copyOf(CONTENT, 100_000), 60_000);
      upload.write(rest, 60_000);
      assertEquals(0, rest.remaining());
      within(begun.completion());
    }
    assertArrives(begun.messageId(), "all.bin");
  }

  @Test
  void aFileArrives() throws Exception {
    Path file = Files.write(world.folder.resolve("holiday.jpg"), CONTENT);
    AttachmentOptions options = new AttachmentOptions().caption("on the beach").thumbnail(new byte[] {1, 2, 3});
    Conversation.AttachmentSendFileResult sent = toBob.attachmentSendFile(file.toString(), options);
    within(sent.completion());
    assertArrives(sent.messageId(), "holiday.jpg");
  }

  @Test
  void aFileThatIsNotThereIsATypedError() {
    CompletableFuture<Void> never = toBob.attachmentSendFile(world.folder.resolve("nothing").toString(), null).completion();
    ExecutionException thrown = assertThrows(ExecutionException.class, () -> within(never));
    assertTrue(thrown.getCause() instanceof PawlException, thrown.toString());
    assertThrows(PawlIllegalArgumentException.class, () -> toBob.attachmentSendFd(-1, null));
  }

  @Test
  void anUploadThatIsGivenUpIsCancelled() throws Exception {
    Upload.BeginResult begun = Upload.begin(toBob, CONTENT.length, null);
    begun.upload().write(new byte[10], 60_000);
    within(alice.attachmentCancel(begun.messageId()));
    ExecutionException thrown = assertThrows(ExecutionException.class, () -> within(begun.completion()));
    assertEquals(PawlException.Cancelled.class, thrown.getCause().getClass());
    begun.upload().close();
  }
}
