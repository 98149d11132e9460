#include <pawl/pawl.hpp>

int main() { return pawl::version_string() == PACKAGE_VERSION ? 0 : 1; }
