#include <pawl/pawl.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  printf("package %s, library %s\n", PACKAGE_VERSION, pawl_version_string());
  return strcmp(PACKAGE_VERSION, pawl_version_string()) == 0 ? 0 : 1;
}
