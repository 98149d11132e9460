package org.pawl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Null for every argument of every public method, one at a time and all at once: a typed error or success, never a crash. */
class NullsTest {
  private Path folder;
  private Client client;
  private final List<String> wrong = new ArrayList<>();
  private int calls;

  @BeforeEach
  void begin() throws Exception {
    folder = Files.createTempDirectory("pawl-java-");
    client = Client.open(World.offline(folder, "alice"));
  }

  @AfterEach
  void end() throws Exception {
    client.close();
    World.delete(folder);
  }

  @Test
  void nullIsATypedErrorEverywhere() throws Exception {
    Identity alice = Identity.create("alice@example.org");
    Identity bob = Identity.create("bob@example.org");
    Session session = Session.initiate(alice, bob.bundle(), null);
    Conversation conversation = Conversation.open(client, "bob@example.org");
    for (Object target : new Object[] {client, conversation, alice, session, Pawl.class, Client.class, Conversation.class, Identity.class,
        Session.class, Peek.class, Upload.class, Id.class}) {
      boolean isStatic = target instanceof Class;
      Class<?> type = isStatic ? (Class<?>) target : target.getClass();
      for (Method method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && Modifier.isStatic(method.getModifiers()) == isStatic
            && !method.getName().equals("close")) {
          callWithNulls(isStatic ? null : target, method);
        }
      }
    }
    assertTrue(calls > 100, "only " + calls + " calls were made");
    assertTrue(wrong.isEmpty(), String.join("\n", wrong));
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
        Object[] arguments = Arrays.stream(types).map(NullsTest::some).toArray();
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

  /** An argument of the type, as good or bad as it may be. */
  private static Object some(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return 0;
    }
    if (type == long.class) {
      return 0L;
    }
    if (type == String.class) {
      return "nobody@example.org";
    }
    if (type == byte[].class) {
      return new byte[32];
    }
    if (type == ByteBuffer.class) {
      return ByteBuffer.allocateDirect(32);
    }
    if (type == Id.class) {
      return Id.of(new byte[Id.SIZE]);
    }
    if (type == Executor.class) {
      return (Executor) Runnable::run;
    }
    if (type == Consumer.class) {
      return (Consumer<Object>) it -> { };
    }
    return null;
  }
}
