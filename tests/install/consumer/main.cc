#include <pawl/pawl.h>

#include <string_view>

int main() { return pawl_version_string() == std::string_view(PACKAGE_VERSION) ? 0 : 1; }
