#ifndef PAWL_DEMO_PICTURE_H_
#define PAWL_DEMO_PICTURE_H_

#include <filesystem>

namespace pawl_demo {

// Draws a picture of 1600 x 900 pixels (a BMP of 4.3 MB, different at each call) for those who
// bring no file.
bool DrawPicture(const std::filesystem::path& path);

}  // namespace pawl_demo

#endif  // PAWL_DEMO_PICTURE_H_
