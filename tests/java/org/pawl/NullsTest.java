package org.pawl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Null for every argument of every public method, one at a time and all at once: a typed error or success, never a crash. */
class NullsTest extends AliceAndBob {
  private Identity identity;
  private Session session;
  private Conversation conversation;
  private Upload upload;
  private Peek peek;
  private final List<String> wrong = new ArrayList<>();
  private int calls;

  @BeforeEach
  void begin() throws Exception {
    conversation = Conversation.open(alice, World.address("bob"));
    upload = Upload.begin(conversation, 1_000, new AttachmentOptions()).upload();
    bob.suspend();
    ClientOptions named = world.options("bob");
    peek = Peek.open(new PeekOptions().storeDir(named.storeDir()).anchorDir(named.anchorDir()).hostKey(named.hostKey()));
    identity = Identity.create("carol@example.org");
    session = Session.initiate(identity, Identity.create("dave@example.org").bundle(), null);
  }

  @AfterEach
  void end() throws Exception {
    peek.close();
    upload.close();
  }

  @Test
  void nullIsATypedErrorEverywhere() throws Exception {
    List<Object> targets = new ArrayList<>(Arrays.asList(Pawl.class, Client.class, Conversation.class, Identity.class, Session.class,
        Peek.class, Upload.class, Id.class));
    for (Class<?> type : new Class<?>[] {Client.class, Conversation.class, Identity.class, Session.class, Upload.class, Peek.class,
        ClientOptions.class, AttachmentOptions.class, PeekOptions.class, Content.class}) {
      targets.add(some(type));
    }
    for (Object target : targets) {
      boolean isStatic = target instanceof Class;
      Class<?> type = isStatic ? (Class<?>) target : target.getClass();
      for (Method method : type.getMethods()) {
        if (method.getDeclaringClass() != Object.class && Modifier.isStatic(method.getModifiers()) == isStatic && takesObjects(method)) {
          callWithNulls(isStatic ? null : target, method);
        }
      }
    }
    assertTrue(calls > 200, "only " + calls + " calls were made");
    assertTrue(wrong.isEmpty(), String.join("\n", wrong));
  }

  private static boolean takesObjects(Method method) {
    return Arrays.stream(method.getParameterTypes()).anyMatch(it -> !it.isPrimitive());
  }

  private void callWithNulls(Object target, Method method) throws Exception {
    Class<?>[] types = method.getParameterTypes();
    Object[] nulls = new Object[types.length];
    for (int i = 0; i < types.length; ++i) {
      nulls[i] = types[i].isPrimitive() ? some(types[i]) : null;
    }
    call(target, method, nulls);
    for (int i = 0; i < types.length; ++i) {
      if (!types[i].isPrimitive()) {
        Object[] arguments = Arrays.stream(types).map(this::some).toArray();
        arguments[i] = null;
        call(target, method, arguments);
      }
    }
  }

  private void call(Object target, Method method, Object[] arguments) throws IllegalAccessException {
    ++calls;
    try {
      method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      if (!(thrown instanceof NullPointerException || thrown instanceof IllegalArgumentException || thrown instanceof PawlFailure)) {
        wrong.add(method + " " + Arrays.toString(arguments) + ": " + thrown);
      }
    }
  }

  /** An argument of the type: an object that can be used, and bytes and texts as good or bad as they may be. */
  private Object some(Class<?> type) {
    Object[] known = {false, 1_000, 0L, "nobody@example.org", new byte[32], ByteBuffer.allocateDirect(32), Id.of(new byte[Id.SIZE]), identity,
        session, alice, conversation, upload, peek, new ClientOptions(), new AttachmentOptions(), new PeekOptions(), new Content(),
        new ClientFlag[] {ClientFlag.OFFLINE}, (Executor) task -> { }, (Consumer<Object>) it -> { }};
    for (Object it : known) {
      if (MethodType.methodType(type).wrap().returnType().isInstance(it)) {
        return it;
      }
    }
    return type.getEnumConstants()[0]; // whatever is left is an enum, or needs a row above
  }
}
