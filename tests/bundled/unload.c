/* unload LIBPAWL: a plugin's host closes the library while a thread that used it lives. What the
 * library left to be done at the thread's end, and threads of its own that still wait for a name
 * server, must find their code where it was. */

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "pawl/client.h"

#define CHECK(claim)                                                      \
  do {                                                                    \
    if (!(claim)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #claim); \
      exit(1);                                                            \
    }                                                                     \
  } while (0)

typedef struct host {
  void* library;
  const char* folder;
  sem_t used;
  sem_t unloaded;
} host;

typedef pawl_status (*open_fn)(const pawl_client_options*, pawl_client**);
typedef void (*client_fn)(pawl_client*);
typedef union function {
  void* found;
  open_fn open;
  client_fn on_client;
} function;

static function find(void* library, const char* name) {
  function it;
  it.found = dlsym(library, name);
  CHECK(it.found != NULL);
  return it;
}

static void* use_and_outlive(void* context) {
  host* const it = context;
  pawl_client_options options = PAWL_CLIENT_OPTIONS_INIT;
  pawl_client* client = NULL;
  char store[512], anchor[512];
  snprintf(store, sizeof(store), "%s/store", it->folder);
  snprintf(anchor, sizeof(anchor), "%s/anchor", it->folder);
  options.flags = PAWL_CLIENT_CREATE | PAWL_CLIENT_OFFLINE;
  options.store_dir = store;
  options.anchor_dir = anchor;
  options.passphrase = "unloaded";
  options.relay_url = "ws://127.0.0.1:1";
  CHECK(find(it->library, "pawl_client_open").open(&options, &client) == PAWL_OK);
  find(it->library, "pawl_client_close").on_client(client);
  find(it->library, "pawl_client_release").on_client(client);
  sem_post(&it->used);
  sem_wait(&it->unloaded);
  return NULL;
}

int main(int argc, char** argv) {
  host it;
  pthread_t thread;
  char folder[] = "/tmp/pawl-unload.XXXXXX", command[64];
  CHECK(argc == 2 && mkdtemp(folder) != NULL);
  it.folder = folder;
  it.library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  CHECK(it.library != NULL);
  CHECK(sem_init(&it.used, 0, 0) == 0 && sem_init(&it.unloaded, 0, 0) == 0);
  CHECK(pthread_create(&thread, NULL, use_and_outlive, &it) == 0);
  sem_wait(&it.used);
  CHECK(dlclose(it.library) == 0);
  sem_post(&it.unloaded);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) != NULL);
  snprintf(command, sizeof(command), "rm -rf '%s'", folder);
  CHECK(system(command) == 0);
  return 0;
}
