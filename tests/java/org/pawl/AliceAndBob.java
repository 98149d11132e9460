package org.pawl;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** For tests about two people: both are registered with a relay of their own and have each other's contact. */
abstract class AliceAndBob {
  World world;
  Client alice;
  Client bob;

  @BeforeEach
  void meet() throws Exception {
    world = new World();
    alice = world.open("alice");
    bob = world.open("bob");
    World.befriend(alice, bob);
  }

  @AfterEach
  void part() throws Exception {
    alice.close();
    bob.close();
    world.close();
  }

  static <T> T within(CompletableFuture<T> future) throws Exception {
    return future.get(World.PATIENCE_S, TimeUnit.SECONDS);
  }
}
